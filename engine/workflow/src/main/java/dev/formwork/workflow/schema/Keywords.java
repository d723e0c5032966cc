package dev.formwork.workflow.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import dev.formwork.model.Names;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.schema.Schemas.Fault;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Looks through a schema for what the meta-schema lets pass: JSON Schema takes an unknown keyword
/// or format for an annotation, but in a module it is a typing mistake.
final class Keywords {
    private static final Set<String> SCHEMA =
            Set.of(
                    "additionalProperties",
                    "contains",
                    "contentSchema",
                    "else",
                    "if",
                    "items",
                    "not",
                    "propertyNames",
                    "then",
                    "unevaluatedItems",
                    "unevaluatedProperties");

    private static final Set<String> SCHEMAS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");

    private static final Set<String> NAMED_SCHEMAS =
            Set.of("$defs", "dependentSchemas", "patternProperties", "properties");

    private static final Set<String> PLAIN =
            Set.of(
                    "$anchor",
                    "$comment",
                    "$ref",
                    "$schema",
                    "const",
                    "contentEncoding",
                    "contentMediaType",
                    "default",
                    "dependentRequired",
                    "deprecated",
                    "description",
                    "enum",
                    "examples",
                    "exclusiveMaximum",
                    "exclusiveMinimum",
                    "format",
                    "maxContains",
                    "maxItems",
                    "maxLength",
                    "maxProperties",
                    "maximum",
                    "minContains",
                    "minItems",
                    "minLength",
                    "minProperties",
                    "minimum",
                    "multipleOf",
                    "pattern",
                    "readOnly",
                    "required",
                    "title",
                    "type",
                    "uniqueItems",
                    "writeOnly");

    private static final Set<String> ALL = all();

    private static final Set<String> FORMATS =
            Set.of(
                    "date",
                    "date-time",
                    "duration",
                    "email",
                    "hostname",
                    "idn-email",
                    "idn-hostname",
                    "ipv4",
                    "ipv6",
                    "iri",
                    "iri-reference",
                    "json-pointer",
                    "regex",
                    "relative-json-pointer",
                    "time",
                    "uri",
                    "uri-reference",
                    "uri-template",
                    "uuid");

    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    private static final int MAX_DEPTH = 64;

    private final List<Fault> faults = new ArrayList<>();

    private Keywords() {}

    static List<Fault> faults(Value.Struct schema) {
        Keywords keywords = new Keywords();
        keywords.schema(schema, "", 0);
        return List.copyOf(keywords.faults);
    }

    private static Set<String> all() {
        Set<String> all = new TreeSet<>(PLAIN);
        all.addAll(SCHEMA);
        all.addAll(SCHEMAS);
        all.addAll(NAMED_SCHEMAS);
        return all;
    }

    private void schema(Value value, String pointer, int depth) {
        if (depth > MAX_DEPTH) {
            fault(pointer, "is nested too deeply", null);
            return;
        }
        // What is no schema at all is refused by the meta-schema.
        if (value instanceof Value.Struct(Map<String, Value> keywords)) {
            keywords.forEach((keyword, inside) ->
                    keyword(keyword, inside, pointer + JsonValues.step(keyword), depth));
        }
    }

    private void keyword(String keyword, Value value, String pointer, int depth) {
        if (!ALL.contains(keyword)) {
            unknown(pointer, "keyword", keyword, ALL);
        } else if (SCHEMA.contains(keyword)) {
            schema(value, pointer, depth + 1);
        } else if (SCHEMAS.contains(keyword) && value instanceof Value.Sequence(var schemas)) {
            for (int i = 0; i < schemas.size(); i++) {
                schema(schemas.get(i), pointer + JsonValues.step(i), depth + 1);
            }
        } else if (NAMED_SCHEMAS.contains(keyword) && value instanceof Value.Struct(var schemas)) {
            schemas.forEach((name, schema) -> {
                if (keyword.equals("patternProperties")) {
                    pattern(name, pointer);
                }
                schema(schema, pointer + JsonValues.step(name), depth + 1);
            });
        } else if (value instanceof Value.Text(String text)) {
            text(keyword, text, pointer);
        }
    }

    private void text(String keyword, String text, String pointer) {
        switch (keyword) {
            case "pattern" -> pattern(text, pointer);
            case "format" -> {
                if (!FORMATS.contains(text)) {
                    unknown(pointer, "format", text, FORMATS);
                }
            }
            case "$ref" -> {
                if (!text.startsWith("#")) {
                    fault(
                            pointer,
                            "refers to another document: " + Names.abbreviate(text),
                            "put it under $defs and refer to #/$defs/NAME");
                }
            }
            case "$schema" -> {
                if (!text.equals(DRAFT)) {
                    fault(pointer, "isn't the draft that is used here", "it is " + DRAFT);
                }
            }
            default -> {}
        }
    }

    private void pattern(String pattern, String pointer) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException bad) {
            fault(
                    pointer,
                    "isn't a regular expression: " + Names.abbreviate(bad.getDescription()),
                    "patterns are RE2 (github.com/google/re2/wiki/Syntax): no look-around, no"
                            + " back-references");
        }
    }

    private void unknown(String pointer, String what, String name, Set<String> known) {
        fault(
                pointer,
                "is an unknown " + what,
                Names.nearest(name, known)
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("JSON Schema 2020-12 has no " + what + " of that name"));
    }

    private void fault(String pointer, String detail, @Nullable String hint) {
        faults.add(new Fault(pointer, detail, Optional.ofNullable(hint)));
    }
}
