package dev.formwork.workflow.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Location;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

final class SchemasTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Location PLACE = new Location("cluster.yaml", 3, 5);

    private final Schemas schemas = new Schemas();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"type": "integer"}                              | 7
                    {"type": "integer"}                              | 7.0
                    {"type": "number"}                               | 7
                    {"type": ["string", "null"]}                     | null
                    {"type": "string", "format": "uri"}              | "https://a.example:2379/x"
                    {"type": "string", "format": "ipv4"}             | "10.0.0.1"
                    {"type": "string", "format": "ipv6"}             | "fe80::1"
                    {"type": "string", "format": "hostname"}         | "a.example"
                    {"type": "string", "format": "date-time"}        | "2025-01-31T12:00:00Z"
                    {"type": "string", "pattern": "^[a-z]+$"}        | "abc"
                    {"type": "string", "pattern": "b"}               | "abc"
                    {"type": "array", "items": {"type": "string"}}   | ["a"]
                    {"type": "object", "properties": {"a": {}}}      | {"b": 1}
                    {"$ref": "#/$defs/a", "$defs": {"a": {"type": "integer"}}} | 1
                    {"anyOf": [{"type": "integer"}, {"type": "string"}]} | "x"
                    {}                                               | {"any": ["thing", 1.5, null]}
                    """)
    void accepts(String schema, String value) {
        assertThat(problems(schema, value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"type": "integer"} | "x" | input `it` must be an integer, and is the text "x" | ~~
                    {"type": "integer"} | "7" | input `it` must be an integer, and is the text "7" | without quotes it wouldn't be text
                    {"type": "integer"} | 1.5 | input `it` must be an integer, and is 1.5 | ~~
                    {"type": ["integer", "null"]} | true | input `it` must be an integer or null, and is true | ~~
                    {"type": "string"} | [] | input `it` must be text, and is an array | ~~
                    {"type": "string", "format": "ipv4"} | "10.0.0.256" | input `it` ("10.0.0.256") isn't an IPv4 address | ~~
                    {"type": "string", "format": "uri"} | "not a uri" | input `it` ("not a uri") isn't an absolute URI | ~~
                    {"enum": ["small", "large"]} | "lage" | input `it` must be one of small, large | did you mean large?
                    {"const": 5} | 6 | input `it` must be 5 | ~~
                    {"minimum": 1} | 0 | input `it` must be at least 1 | ~~
                    {"maximum": 1} | 2 | input `it` must be at most 1 | ~~
                    {"exclusiveMinimum": 1} | 1 | input `it` must be greater than 1 | ~~
                    {"exclusiveMaximum": 1} | 1 | input `it` must be less than 1 | ~~
                    {"multipleOf": 4} | 3 | input `it` must be a multiple of 4 | ~~
                    {"minLength": 2} | "a" | input `it` must have at least 2 characters | ~~
                    {"maxLength": 1} | "ab" | input `it` must have at most 1 characters | ~~
                    {"pattern": "^a+$"} | "b" | input `it` must match ^a+$ | ~~
                    {"minItems": 1} | [] | input `it` must have at least 1 items | ~~
                    {"maxItems": 1} | [1, 2] | input `it` must have at most 1 items | ~~
                    {"uniqueItems": true} | [1, 1] | input `it` has an item twice | ~~
                    {"minProperties": 1} | {} | input `it` must have at least 1 fields | ~~
                    {"required": ["name"]} | {} | input `it` lacks `name` | ~~
                    {"properties": {"name": {}}, "additionalProperties": false} | {"nam": 1} | input `it` has an unknown field `nam` | did you mean name?
                    {"items": {"type": "string"}} | ["a", 1] | input `it` at /1 must be text, and is 1 | ~~
                    {"properties": {"a/b": {"items": {"minimum": 3}}}} | {"a/b": [5, 1]} | input `it` at /a~1b/1 must be at least 3 | ~~
                    {"anyOf": [{"type": "integer"}, {"type": "boolean"}]} | "x" | input `it` fits none of the forms that are allowed | one of them: it must be an integer, and is the text "x"
                    {"oneOf": [{"type": "integer"}, {"minimum": 0}]} | 1 | input `it` fits several of the forms of which it may fit only one | ~~
                    {"not": {"type": "integer"}} | 1 | input `it` has a form that isn't allowed | ~~
                    {"contains": {"const": 1}} | [2] | input `it` doesn't contain what it must | ~~
                    {"propertyNames": {"pattern": "^[a-z]+$"}} | {"A": 1} | input `it` has a field whose name isn't allowed | ~~
                    {"dependentRequired": {"a": ["b"]}} | {"a": 1} | input `it` lacks `b`, which another field needs | ~~
                    """)
    void refusesInOurWords(String schema, String value, String detail, String hint) {
        List<Problem> problems = problems(schema, value);

        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().code()).isEqualTo("input.invalid");
        assertThat(problems.getFirst().detail()).isEqualTo(detail);
        assertThat(String.valueOf(problems.getFirst().hint()))
                .isEqualTo(hint.isEmpty() ? "null" : hint);
        assertThat(problems.getFirst().location()).isEqualTo(PLACE);
    }

    @Test
    void reportsEverythingThatIsWrong() {
        assertThat(
                        problems(
                                """
                                {"properties": {"a": {"type": "string"}, "b": {"minimum": 1}},
                                 "required": ["c"]}
                                """,
                                "{\"a\": 1, \"b\": 0}"))
                .hasSize(3);
    }

    @Test
    void saysWhetherAnInputOrAnOutputIsWrong() {
        Problems problems = new Problems();

        schemas.validate(
                Schemas.Kind.OUTPUT,
                "url",
                Value.of(1),
                struct("{\"type\": \"string\"}"),
                null,
                problems);

        assertThat(problems.all())
                .singleElement()
                .hasToString("output.invalid: output `url` must be text, and is 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"type": "integer"}
                    {"enum": ["s3cr3t-valuf"]}
                    {"pattern": "^x$"}
                    {"format": "ipv4"}
                    {"maxLength": 3}
                    {"const": "x"}
                    {"not": {"type": "string"}}
                    {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}
                    {"oneOf": [{"type": "string"}, {"minLength": 1}]}
                    """)
    void printsNoSecret(String schema) {
        Value secret = new Value.Secret(Value.of("s3cr3t-value"));
        Problems problems = new Problems();

        schemas.validate(Schemas.Kind.INPUT, "it", secret, struct(schema), PLACE, problems);
        schemas.validate(
                Schemas.Kind.INPUT,
                "it",
                Value.of(Map.of("inner", secret)),
                Value.of(Map.of("properties", Value.of(Map.of("inner", struct(schema))))),
                PLACE,
                problems);

        assertThat(problems.all()).hasSize(2);
        assertThat(problems.all().toString()).doesNotContain("s3cr3t-value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"additionalProperties": false}
                    {"additionalProperties": {"type": "integer"}}
                    {"propertyNames": {"maxLength": 3}}
                    {"properties": {"s3cr3t-key": {"type": "integer"}}}
                    {"properties": {"s3cr3t-key": {"anyOf": [{"type": "integer"}]}}}
                    """)
    void printsNoKeyOfASecret(String schema) {
        Value secret = new Value.Secret(Value.of(Map.of("s3cr3t-key", Value.of("s3cr3t-value"))));
        Problems problems = new Problems();

        schemas.validate(Schemas.Kind.INPUT, "it", secret, struct(schema), PLACE, problems);

        assertThat(problems.all()).hasSize(1);
        assertThat(problems.all().toString()).doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"type": "strng"}             | at /type
                    {"typ": "string"}             | did you mean type?
                    {"format": "ipv5"}            | did you mean ipv
                    {"pattern": "("}              | isn't a regular expression
                    {"pattern": "(?=a)b"}         | isn't a regular expression
                    {"pattern": "(a)\\\\1"}       | isn't a regular expression
                    {"patternProperties": {"[": {}}} | isn't a regular expression
                    {"minLength": -1}             | at /minLength
                    {"required": "name"}          | at /required
                    {"properties": []}            | at /properties
                    {"properties": {"a": {"typ": 1}}} | at /properties/a/typ
                    {"$ref": "https://example.com/schema.json"} | another document
                    {"$ref": "file:///etc/passwd"} | another document
                    {"$ref": "other.json"}        | another document
                    {"items": {"$ref": "classpath:/draft/2020-12/schema"}} | another document
                    {"$id": "https://example.com/"} | unknown keyword
                    {"$dynamicRef": "#x"}         | unknown keyword
                    {"$schema": "http://json-schema.org/draft-07/schema#"} | isn't the draft
                    {"$ref": "#/$defs/missing"}   | can't be used
                    {"items": 5}                  | at /items
                    """)
    void refusesASchemaThatIsNone(String schema, String words) {
        Problems problems = new Problems();

        schemas.validateSchema("it", struct(schema), PLACE, problems);

        assertThat(problems.all()).hasSize(1);
        assertThat(problems.all().getFirst().code()).isEqualTo("module.bad-schema");
        assertThat(problems.all().getFirst().location()).isEqualTo(PLACE);
        assertThat(problems.all().getFirst().toString()).contains(words);
    }

    @Test
    void reportsABadSchemaInsteadOfAValue() {
        assertThat(problems("{\"type\": \"strng\"}", "1"))
                .extracting(Problem::code)
                .containsExactly("module.bad-schema");
    }

    @Test
    void survivesASchemaThatRefersToItself() {
        assertThat(problems("{\"$ref\": \"#\"}", "1"))
                .extracting(Problem::code)
                .containsOnly("input.invalid");
        assertThat(
                        problems(
                                "{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"type\": \"object\"}",
                                "{\"a\": {\"a\": {\"a\": 1}}}"))
                .extracting(Problem::detail)
                .containsExactly("input `it` at /a/a/a must be an object, and is 1");
    }

    @Test
    void boundsTheWorkOfASchemaThatDoublesAtEveryStep() {
        Map<String, Value> defs = new LinkedHashMap<>();
        defs.put("d0", Value.of(Map.of("type", Value.of("integer"))));
        IntStream.rangeClosed(1, 40)
                .forEach(i -> {
                    Value next = Value.of(Map.of("$ref", Value.of("#/$defs/d" + (i - 1))));
                    defs.put("d" + i, Value.of(Map.of("allOf", Value.of(List.of(next, next)))));
                });
        Value.Struct schema =
                Value.of(Map.of("$ref", Value.of("#/$defs/d40"), "$defs", Value.of(defs)));
        Problems problems = new Problems();

        schemas.validate(Schemas.Kind.INPUT, "it", Value.of(1), schema, PLACE, problems);

        assertThat(problems.all()).extracting(Problem::code).containsExactly("input.invalid");
    }

    @Test
    void matchesAPatternInLinearTime() {
        assertThat(problems("{\"pattern\": \"^(a+)+$\"}", "\"" + "a".repeat(10_000) + "!\""))
                .hasSize(1);
    }

    @Test
    void limitsHowMuchIsReported() {
        String items = "1,".repeat(1_000) + "1";

        assertThat(problems("{\"items\": {\"type\": \"string\"}}", "[" + items + "]")).hasSize(20);
    }

    private List<Problem> problems(String schema, String value) {
        Problems problems = new Problems();
        schemas.validate(Schemas.Kind.INPUT, "it", value(value), struct(schema), PLACE, problems);
        return problems.all();
    }

    private static Value.Struct struct(String json) {
        return (Value.Struct) value(json);
    }

    private static Value value(String json) {
        return of(JSON.readTree(json));
    }

    private static Value of(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> Value.of(node.asString());
            case BOOLEAN -> Value.of(node.asBoolean());
            case NUMBER ->
                    node.isIntegralNumber() ? Value.of(node.asLong()) : Value.of(node.asDouble());
            case ARRAY -> Value.of(node.valueStream().map(SchemasTest::of).toList());
            case OBJECT -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                node.properties().forEach(one -> fields.put(one.getKey(), of(one.getValue())));
                yield Value.of(fields);
            }
            case NULL -> new Value.Null();
            case BINARY, MISSING, POJO -> throw new IllegalStateException(node.toString());
        };
    }
}
