package dev.formwork.model.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.Map;

/// A struct's fields, few and many.
class FewFieldsTest {
    private static Map<String, Value> numbered(int count) {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = count; i > 0; i--) {
            fields.put("f" + i, Value.of(i));
        }
        return fields;
    }

    @Test
    void holdsWhatItWasMadeOfInItsOrder() {
        for (int count = 0; count < 20; count++) {
            Map<String, Value> given = numbered(count);
            Map<String, Value> fields = new Value.Struct(given).fields();
            assertThat(fields).isEqualTo(given).hasSameHashCodeAs(given);
            assertThat(fields.keySet()).containsExactlyElementsOf(given.keySet());
            assertThat(fields.get("f1")).isEqualTo(given.get("f1"));
            assertThat(fields.containsKey("other")).isFalse();
        }
    }

    @Test
    void neverChanges() {
        for (int count : new int[] {2, 12}) {
            Map<String, Value> given = numbered(count);
            Map<String, Value> fields = new Value.Struct(given).fields();
            given.clear();
            assertThat(fields).hasSize(count);
            assertThatThrownBy(() -> fields.put("f1", Value.nil()))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(fields::clear).isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
