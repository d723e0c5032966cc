package dev.formwork.store.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.value.Value;
import dev.formwork.store.secret.SecretSealer;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class SealedValuesTest {
    private final SealedValues values = new SealedValues(new SecretSealer(new byte[32]));

    @Property(tries = 300)
    void readsWhatItWrote(@ForAll("structs") Value.Struct value) {
        String json = StoreJson.write(values.write(value, "here"));

        assertThat(values.readStruct(StoreJson.readAny(json, "here"), "here")).isEqualTo(value);
    }

    @Test
    void keepsIntegersApartFromReals() {
        Value.Struct value =
                Value.of(
                        Map.of(
                                "i", Value.of(1),
                                "r", Value.of(1.0),
                                "max", Value.of(Long.MIN_VALUE),
                                "tiny", Value.of(Double.MIN_VALUE),
                                "big", Value.of(1e300)));
        readsWhatItWrote(value);
    }

    @Test
    void readsWhatIsNestedDeeply() {
        Value value = Value.of(1);
        for (int i = 0; i < 600; i++) {
            value = Value.of(List.of(value));
        }
        readsWhatItWrote(Value.of(Map.of("deep", value)));
    }

    @Provide
    static Arbitrary<Value.Struct> structs() {
        return Arbitraries.maps(keys(), value(3)).ofMaxSize(4).map(Value::of);
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(5).filter(SealedValuesTest::whole),
                Arbitraries.of("$sealed", "$$sealed", "$", "", "v"));
    }

    private static Arbitrary<Value> value(int depth) {
        Arbitrary<Value> leaf =
                Arbitraries.oneOf(
                        Arbitraries.of(Value.nil(), Value.of(true), Value.of(false)),
                        Arbitraries.longs().map(Value::of),
                        Arbitraries.doubles().map(Value::of),
                        Arbitraries.strings()
                                .ofMaxLength(10)
                                .filter(SealedValuesTest::whole)
                                .map(Value::of));
        if (depth == 0) {
            return leaf;
        }
        return Arbitraries.oneOf(
                leaf,
                value(depth - 1).list().ofMaxSize(3).map(Value::of),
                Arbitraries.maps(keys(), value(depth - 1)).ofMaxSize(3).map(Value::of),
                value(depth - 1).map(Value.Secret::new));
    }

    /// A lone surrogate is no text in UTF-8.
    private static boolean whole(String text) {
        return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }
}
