package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;

class InstanceRequestTest {
    private static InstanceRequest request(String name, Map<String, String> labels) {
        return new InstanceRequest(
                new MachineId("m-1"),
                name,
                new BootToken("t0ken-t0ken"),
                labels,
                Value.Struct.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../etc",
                "a/b",
                "a b",
                "a\nb",
                "a\0b",
                "-a",
                "a-",
                "A",
                "ä",
                "$(reboot)",
                "`id`",
                "a;b",
                "a'b",
                "a\"b",
                "{{a}}",
                "<a>",
                "a.b",
                "a_b",
                "a123456789012345678901234567890123456789012345678901234567890123"
            })
    void refusesAHostileName(String name) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> request(name, Map.of()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-name"));
    }

    @Property
    void aNameThatIsTakenIsADnsLabel(@ForAll String name) {
        try {
            assertThat(request(name, Map.of()).name())
                    .matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?")
                    .hasSizeLessThanOrEqualTo(63);
        } catch (ProblemException refused) {
            assertThat(refused.code()).isEqualTo("provider.invalid-name");
            assertThat(refused.getMessage()).doesNotContainPattern("\\p{Cntrl}");
        }
    }

    @Property
    void aLabelThatIsTakenHasNoControlCharacter(@ForAll String key, @ForAll String value) {
        try {
            request("demo-members-0", Map.of(key, value));
            assertThat(key).matches("[a-z0-9._/-]{1,63}");
            assertThat(value).doesNotContainPattern("\\p{Cntrl}").hasSizeLessThanOrEqualTo(255);
        } catch (ProblemException refused) {
            assertThat(refused.code()).isEqualTo("provider.invalid-label");
        }
    }

    @Test
    void refusesAllThatIsWrongTogether() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> request("A B", Map.of("Key", "value", "key", "two\nlines")))
                .satisfies(e ->
                        assertThat(e.problems())
                                .extracting(Problem::code)
                                .containsExactlyInAnyOrder(
                                        "provider.invalid-name",
                                        "provider.invalid-label",
                                        "provider.invalid-label"));
    }

    @Test
    void refusesMoreLabelsThanAPlaceCanHold() {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < 33; i++) {
            labels.put("key-" + i, "");
        }
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> request("demo-members-0", labels))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-label"));
    }

    @Test
    void printsNoSecret() {
        assertThat(request("demo-members-0", Map.of()).toString())
                .contains("***")
                .doesNotContain("t0ken");
    }
}
