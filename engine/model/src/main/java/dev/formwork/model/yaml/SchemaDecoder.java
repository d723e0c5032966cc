package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.value.Value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decodes inputs and outputs: JSON Schemas with Formwork's own keywords beside. Looks at the form
/// of a schema only; values are held against it elsewhere, but for a default of the wrong type.
final class SchemaDecoder {
    private static final Set<String> OWN = Set.of("default", "secret", "on_change", "value");

    private final Decoding context;
    private final Templates templates;

    SchemaDecoder(Decoding context) {
        this.context = context;
        this.templates = new Templates(context);
    }

    InputSpec input(Marked.Entry entry) {
        Fields fields = open(entry.value(), Shape.INPUT);
        Value.Struct schema = schemaOf(entry.value(), true);
        Optional<Value> standard =
                fields.map("default", node -> templates.constant(node, "a default"));
        standard.ifPresent(value -> checkDefault(fields, value, schema));
        return new InputSpec(
                entry.key(),
                schema,
                standard,
                fields.map("secret", context::flag).orElse(false),
                fields.map("on_change", this::ignoresChange).orElse(false),
                entry.at());
    }

    OutputSpec output(Marked.Entry entry, Shape shape) {
        Fields fields = open(entry.value(), shape);
        return new OutputSpec(
                entry.key(),
                schemaOf(entry.value(), shape == Shape.RESULT),
                fields.map("secret", context::flag).orElse(false),
                entry.at());
    }

    private Fields open(Marked node, Shape shape) {
        if (node instanceof Marked.Scalar scalar
                && SchemaKeyword.TYPES.contains(scalar.written())) {
            String written = "write {type: " + scalar.written() + "}";
            context.wrongType(node, "a mapping", written);
            return Fields.open(new Marked.Mapping(Map.of(), node.at()), shape, context);
        }
        return Fields.open(node, shape, context);
    }

    private boolean ignoresChange(Marked node) {
        return context.word(
                        node,
                        List.of("ignore"),
                        word -> word.equals("ignore") ? Optional.of(true) : Optional.empty())
                .orElse(false);
    }

    /// The schema proper: without Formwork's keywords, checked.
    private Value.Struct schemaOf(Marked node, boolean defaultIsOurs) {
        if (!(node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _))) {
            return Value.Struct.EMPTY;
        }
        Map<String, Value> schema = new LinkedHashMap<>();
        for (Marked.Entry entry : entries.values()) {
            boolean own = OWN.contains(entry.key());
            if (!own || (entry.key().equals("default") && !defaultIsOurs)) {
                check(entry);
                schema.put(entry.key(), entry.value().plain());
            }
        }
        return Value.of(schema);
    }

    private void schema(Marked node) {
        if (node instanceof Marked.Scalar scalar && scalar.value() instanceof Value.Bool) {
            return;
        }
        Fields.open(node, Shape.JSON_SCHEMA, context);
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
            entries.values().forEach(this::check);
        }
    }

    private void check(Marked.Entry entry) {
        Marked node = entry.value();
        SchemaKeyword kind = SchemaKeyword.of(entry.key()).orElse(SchemaKeyword.ANYTHING);
        switch (kind) {
            case ANYTHING -> {}
            case TEXT -> context.text(node);
            case FLAG -> context.flag(node);
            case TYPE -> type(node);
            case VALUES -> items(node);
            case NUMBER -> number(node);
            case POSITIVE -> {
                if (number(node) <= 0) {
                    context.badValue(node, "has to be more than 0", null);
                }
            }
            case COUNT -> context.integer(node, 0, Integer.MAX_VALUE);
            case PATTERN -> context.pattern(node);
            case TEXTS -> texts(entry);
            case TEXTS_BY_KEY -> entries(node).values().forEach(this::texts);
            case SCHEMA -> schema(node);
            case SCHEMAS -> items(node).forEach(this::schema);
            case SCHEMAS_BY_KEY -> entries(node).values().forEach(each -> schema(each.value()));
            case SCHEMAS_BY_PATTERN ->
                    entries(node)
                            .values()
                            .forEach(each -> {
                                context.checkPattern(each.key(), each.at());
                                schema(each.value());
                            });
        }
    }

    private void type(Marked node) {
        if (node instanceof Marked.Items) {
            context.distinct(node, this::typeName);
        } else {
            typeName(node);
        }
    }

    private Optional<String> typeName(Marked node) {
        if (node instanceof Marked.Scalar scalar
                && scalar.value() instanceof Value.Null
                && !scalar.written().isEmpty()) {
            context.wrongType(node, "the name of a type", "quote it: 'null'");
            return Optional.empty();
        }
        return context.word(
                node,
                SchemaKeyword.TYPES,
                word -> Optional.of(word).filter(SchemaKeyword.TYPES::contains));
    }

    private double number(Marked node) {
        if (node instanceof Marked.Scalar scalar) {
            if (scalar.value() instanceof Value.Int(long value)) {
                return value;
            }
            if (scalar.value() instanceof Value.Real(double value)) {
                return value;
            }
        }
        context.wrongType(node, "a number");
        return 1;
    }

    private void texts(Marked.Entry entry) {
        if (entry.value() instanceof Marked.Scalar scalar
                && scalar.value() instanceof Value.Bool
                && entry.key().equals("required")) {
            context.wrongType(
                    entry.value(), "a list of property names", "without `default` it is required");
            return;
        }
        context.distinct(entry.value(), item -> Optional.of(context.text(item)));
    }

    private List<Marked> items(Marked node) {
        if (node instanceof Marked.Items(List<Marked> items, _)) {
            return items;
        }
        context.wrongType(node, "a list");
        return List.of();
    }

    private Map<String, Marked.Entry> entries(Marked node) {
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
            return entries;
        }
        context.wrongType(node, "a mapping");
        return Map.of();
    }

    private void checkDefault(Fields fields, Value standard, Value.Struct schema) {
        Marked node = fields.find("default").orElseThrow();
        Value type = schema.fields().get("type");
        List<String> types =
                switch (type) {
                    case Value.Text(String name) -> List.of(name);
                    case Value.Sequence(List<Value> names) ->
                            names.stream().map(Value::toString).toList();
                    case null, default -> SchemaKeyword.TYPES;
                };
        if (types.stream().noneMatch(name -> isOfType(standard, name))) {
            String wanted = "of type " + Names.abbreviate(String.join(" or ", types));
            boolean text = types.contains("string") && !(standard instanceof Value.Null);
            context.wrongType(node, wanted, text ? "quote it" : null);
        }
        if (schema.fields().get("enum") instanceof Value.Sequence(List<Value> values)
                && !values.contains(standard)) {
            context.badValue(node, "the default is not among the values of enum", null);
        }
    }

    private static boolean isOfType(Value value, String type) {
        return switch (value) {
            case Value.Null _ -> type.equals("null");
            case Value.Bool _ -> type.equals("boolean");
            case Value.Int _ -> type.equals("integer") || type.equals("number");
            case Value.Real(double number) ->
                    type.equals("number")
                            || (type.equals("integer") && number == Math.rint(number));
            case Value.Text _ -> type.equals("string");
            case Value.Sequence _ -> type.equals("array");
            case Value.Struct _ -> type.equals("object");
            case Value.Secret _ -> false;
        };
    }
}
