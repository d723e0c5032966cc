package dev.formwork.model.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The keywords of JSON Schema 2020-12 that inputs and outputs may use, and what stands behind
/// each.
///
/// Left out are those that refer (`$ref`, `$id`, `$dynamicRef` and their kin): a schema is whole in
/// itself, so that validating never fetches anything and never runs in circles. YAML's aliases
/// serve where a part is used twice.
@SuppressWarnings("ImmutableEnumChecker") // the lists are copies
enum SchemaKeyword {
    ANYTHING("const", "default"),
    TEXT("title", "description", "format", "contentEncoding", "contentMediaType", "$comment"),
    FLAG("uniqueItems", "deprecated", "readOnly", "writeOnly"),
    TYPE("type"),
    VALUES("enum", "examples"),
    NUMBER("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    POSITIVE("multipleOf"),
    COUNT(
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minContains",
            "maxContains",
            "minProperties",
            "maxProperties"),
    PATTERN("pattern"),
    TEXTS("required"),
    TEXTS_BY_KEY("dependentRequired"),
    SCHEMA(
            "items",
            "contains",
            "additionalProperties",
            "propertyNames",
            "unevaluatedItems",
            "unevaluatedProperties",
            "not",
            "if",
            "then",
            "else"),
    SCHEMAS("prefixItems", "allOf", "anyOf", "oneOf"),
    SCHEMAS_BY_KEY("properties", "dependentSchemas"),
    SCHEMAS_BY_PATTERN("patternProperties");

    static final List<String> TYPES =
            List.of("null", "boolean", "object", "array", "number", "string", "integer");

    private static final Map<String, SchemaKeyword> BY_NAME = new TreeMap<>();

    private final List<String> keywords;

    SchemaKeyword(String... keywords) {
        this.keywords = List.of(keywords);
    }

    static {
        for (SchemaKeyword kind : values()) {
            kind.keywords.forEach(keyword -> BY_NAME.put(keyword, kind));
        }
    }

    static Optional<SchemaKeyword> of(String keyword) {
        return Optional.ofNullable(BY_NAME.get(keyword));
    }

    static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    static List<String> namesAnd(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(names());
        return List.copyOf(all);
    }
}
