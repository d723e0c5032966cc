package dev.formwork.model.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class ValueJsonTest {
    private static final Value SECRET = new Value.Secret(Value.of("hunter2"));

    @Provide
    Arbitrary<Value> values() {
        Arbitrary<String> texts =
                Arbitraries.strings()
                        .filter(text ->
                                text.codePoints().noneMatch(c -> c >= 0xD800 && c < 0xE000));
        Arbitrary<Value> scalars =
                Arbitraries.oneOf(
                        Arbitraries.just(Value.nil()),
                        Arbitraries.of(true, false).map(Value::of),
                        Arbitraries.longs().map(Value::of),
                        Arbitraries.doubles().map(Value::of),
                        texts.map(Value::of));
        return Arbitraries.recursive(
                () -> scalars,
                inner ->
                        Arbitraries.oneOf(
                                scalars,
                                inner.list().ofMaxSize(4).map(Value::of),
                                Arbitraries.maps(texts, inner).ofMaxSize(4).map(Value::of)),
                3);
    }

    @Property
    void readsWhatItWrites(@ForAll("values") Value value) {
        assertThat(ValueJson.read(ValueJson.write(value))).isEqualTo(value);
        assertThat(ValueJson.read(ValueJson.canonical(value))).isEqualTo(value);
    }

    @Property
    void hasOneCanonicalText(@ForAll("values") Value value) {
        assertThat(ValueJson.canonical(shuffled(value))).isEqualTo(ValueJson.canonical(value));
    }

    @Property
    void answersHostileTextWithAProblem(@ForAll String text) {
        try {
            ValueJson.read(text);
        } catch (ProblemException e) {
            assertThat(e.code()).startsWith("json.");
        }
    }

    private static Value shuffled(Value value) {
        return switch (value) {
            case Value.Struct(Map<String, Value> fields) -> {
                List<String> keys = new ArrayList<>(fields.keySet());
                Collections.reverse(keys);
                Map<String, Value> reversed = new LinkedHashMap<>();
                keys.forEach(
                        key -> reversed.put(key, shuffled(fields.getOrDefault(key, Value.nil()))));
                yield Value.of(reversed);
            }
            case Value.Sequence(List<Value> items) ->
                    Value.of(items.stream().map(ValueJsonTest::shuffled).toList());
            case Value.Null _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _,
                    Value.Text _,
                    Value.Secret _ ->
                    value;
        };
    }

    @Test
    void keepsIntegersAndRealsApart() {
        assertThat(ValueJson.read("1")).isEqualTo(Value.of(1));
        assertThat(ValueJson.read("1.0")).isEqualTo(Value.of(1.0));
        assertThat(ValueJson.write(Value.of(List.of(Value.of(1), Value.of(1.0)))))
                .isEqualTo("[1,1.0]");
    }

    @Test
    void sortsTheKeysOfTheCanonicalFormOnly() {
        Value value = ValueJson.read("{\"b\": {\"d\": 1, \"c\": 2}, \"a\": []}");
        assertThat(ValueJson.write(value)).isEqualTo("{\"b\":{\"d\":1,\"c\":2},\"a\":[]}");
        assertThat(ValueJson.canonical(value)).isEqualTo("{\"a\":[],\"b\":{\"c\":2,\"d\":1}}");
    }

    @Test
    void neverWritesASecretByOversight() {
        Value value = Value.of(Map.of("key", Value.of(List.of(SECRET))));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ValueJson.write(value))
                .satisfies(e -> assertThat(e.code()).isEqualTo("json.secret"))
                .satisfies(e -> assertThat(e).hasMessageNotContaining("hunter2"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ValueJson.canonical(value));
        assertThat(ValueJson.write(value, SecretWriter.MASK)).isEqualTo("{\"key\":[\"***\"]}");
        assertThat(ValueJson.canonical(value, Value.Secret::revealed))
                .isEqualTo("{\"key\":[\"hunter2\"]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"a\":2}| json.syntax",
                "[1] 2| json.syntax",
                "[1,]| json.syntax",
                "[1| json.syntax",
                "| json.syntax",
                "NaN| json.syntax",
                "9223372036854775808| json.bad-number",
                "1e999| json.bad-number",
                "\"\\ud800\"| json.bad-text",
                "{\"\\udc00x\":1}| json.syntax",
            })
    void refusesWhatItCannotHold(@Nullable String json, String code) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ValueJson.read(json == null ? "" : json))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void refusesDeepNestingBothWays() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ValueJson.read("[".repeat(500_000)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("json.too-complex"));
        Value deep = Value.nil();
        for (int i = 0; i < 200; i++) {
            deep = Value.of(List.of(deep));
        }
        Value value = deep;
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ValueJson.write(value))
                .satisfies(e -> assertThat(e.code()).isEqualTo("json.too-complex"));
    }

    @Test
    void refusesOversizedText() {
        String large = "\"" + "x".repeat(ValueJson.MAX_CHARACTERS) + "\"";
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ValueJson.read(large))
                .satisfies(e -> assertThat(e.code()).isEqualTo("json.too-complex"));
    }
}
