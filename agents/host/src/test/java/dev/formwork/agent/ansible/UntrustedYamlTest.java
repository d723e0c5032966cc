package dev.formwork.agent.ansible;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.TestJobs;

import org.junit.jupiter.api.Test;

final class UntrustedYamlTest {
    @Test
    void marksEachTextAndNothingElse() {
        assertThat(
                        UntrustedYaml.write(
                                TestJobs.json(
                                        """
                                        {"a": "x", "b": [1, 2.5, true, null, "y"], "c": {"d": {}}}
                                        """)))
                .isEqualTo(
                        "{\"a\": !unsafe \"x\", \"b\": [1, 2.5, true, null, !unsafe \"y\"],"
                                + " \"c\": {\"d\": {}}}");
    }

    @Test
    void writesNumbersAsYamlReadsThem() {
        assertThat(UntrustedYaml.write(TestJobs.json("[12345678.5, 1e30, -0.00000015, 7]")))
                .isEqualTo("[12345678.5, 1000000000000000000000000000000, -0.00000015, 7]");
    }

    @Test
    void escapesWhatEndsATextAndWhatReadersRefuse() {
        assertThat(UntrustedYaml.write(TestJobs.json("\"a\\\"b\\\\c\\nd\\u0000é😀\\u0085\"")))
                .isEqualTo(
                        "!unsafe \"a\\\"b\\\\c\\U0000000ad\\U00000000\\U000000e9\\U0001f600\\U00000085\"");
    }
}
