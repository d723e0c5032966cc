package dev.formwork.workflow.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The CEL type of what a JSON Schema describes. Where the schema leaves a choice, the type is
/// `dyn`: checked when it is read.
final class Types {
    /// Deeper schemas are `dyn` from here on.
    private static final int MAX_DEPTH = 16;

    private Types() {}

    static CelType ofSchema(Value.Struct schema) {
        return of(schema, 0);
    }

    /// An output is null where its step was skipped. CEL has null only beside the scalar types.
    static CelType ofOutput(Value.Struct schema) {
        CelType type = ofSchema(schema);
        return type instanceof SimpleType && !type.equals(SimpleType.DYN)
                ? NullableType.create(type)
                : type;
    }

    /// How messages call a type.
    static String describe(CelType type) {
        return switch (type) {
            case ListType list -> "list(" + describe(list.elemType()) + ")";
            case MapType map ->
                    "map(" + describe(map.keyType()) + ", " + describe(map.valueType()) + ")";
            case NullableType nullable -> describe(nullable.targetType()) + " or null";
            default ->
                    switch (type.kind()) {
                        case TIMESTAMP -> "timestamp";
                        case DURATION -> "duration";
                        case NULL_TYPE -> "null";
                        case STRUCT -> "machine";
                        default -> type.name();
                    };
        };
    }

    static CelType withoutNull(CelType type) {
        return type instanceof NullableType nullable ? nullable.targetType() : type;
    }

    private static CelType of(Value.@Nullable Struct schema, int depth) {
        if (schema == null || depth > MAX_DEPTH) {
            return SimpleType.DYN;
        }
        Map<String, Value> keywords = schema.fields();
        if (keywords.containsKey("$ref")) {
            return SimpleType.DYN;
        }
        Set<String> names = typeNames(keywords.get("type"));
        boolean nullable = names.size() == 2 && names.remove("null");
        if (names.size() != 1) {
            return SimpleType.DYN;
        }
        CelType type =
                switch (names.iterator().next()) {
                    case "integer" -> SimpleType.INT;
                    case "number" -> SimpleType.DOUBLE;
                    case "string" -> SimpleType.STRING;
                    case "boolean" -> SimpleType.BOOL;
                    case "array" -> ListType.create(elements(keywords, depth));
                    case "object" -> MapType.create(SimpleType.STRING, properties(keywords, depth));
                    default -> SimpleType.DYN;
                };
        if (!nullable || type.equals(SimpleType.DYN)) {
            return type;
        }
        return type instanceof SimpleType ? NullableType.create(type) : SimpleType.DYN;
    }

    private static Set<String> typeNames(@Nullable Value type) {
        List<Value> listed =
                switch (type) {
                    case Value.Sequence(List<Value> items) -> items;
                    case null -> List.of();
                    default -> List.of(type);
                };
        Set<String> names = new LinkedHashSet<>();
        for (Value one : listed) {
            names.add(one instanceof Value.Text(String name) ? name : "");
        }
        return names;
    }

    private static CelType elements(Map<String, Value> keywords, int depth) {
        return !keywords.containsKey("prefixItems")
                        && keywords.get("items") instanceof Value.Struct items
                ? of(items, depth + 1)
                : SimpleType.DYN;
    }

    private static CelType properties(Map<String, Value> keywords, int depth) {
        return !keywords.containsKey("properties")
                        && !keywords.containsKey("patternProperties")
                        && keywords.get("additionalProperties") instanceof Value.Struct values
                ? of(values, depth + 1)
                : SimpleType.DYN;
    }
}
