package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.protocol.Job;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class SecretValuesTest {
    @Test
    void hidesAValueInEveryFormItIsGivenIn() {
        Job job =
                TestJobs.shell("j-1", "")
                        .secret("key", "first line\n{\nsecond \"line\"\n")
                        .input("open", "\"first\"")
                        .job();

        assertThat(masked(job, "first line\n{\nsecond \"line\"\n")).isEqualTo("***");
        assertThat(masked(job, "> second \"line\" <")).isEqualTo("> *** <");
        assertThat(masked(job, "{\"key\":\"first line\\n{\\nsecond \\\"line\\\"\\n\"}"))
                .isEqualTo("{\"key\":\"***\"}");
        assertThat(masked(job, "{ first }")).isEqualTo("{ first }");
    }

    @Test
    void hidesWhatIsInsideAStructure() {
        Job job =
                TestJobs.shell("j-1", "")
                        .secretJson(
                                "login",
                                "{\"user\": \"root\", \"password\": \"hunter2\", \"n\": 77123}")
                        .job();

        assertThat(masked(job, "hunter2 77123 root")).isEqualTo("*** *** ***");
        assertThat(masked(job, "{\"user\":\"root\",\"password\":\"hunter2\",\"n\":77123}"))
                .isEqualTo("***");
    }

    private static String masked(Job job, String text) {
        SecretMasker masker = SecretValues.masker(job);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(masker.mask(bytes, bytes.length), StandardCharsets.UTF_8)
                + new String(masker.finish(), StandardCharsets.UTF_8);
    }
}
