package dev.formwork.agent.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.Polled;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

final class PollAnswerTest {
    @Test
    void readsTheOtherJobsWhereOneIsUnreadable() {
        Job good = TestJobs.shell("j-1", "true").job();
        Job bad = TestJobs.shell("j-2", "true").token(9).job();
        String json =
                new String(
                                ProtocolJson.write(
                                        new Polled(List.of(bad, good), List.of(), List.of())),
                                StandardCharsets.UTF_8)
                        .replaceFirst("\"mode\":\"run\"", "\"mode\":\"of the future\"");

        PollAnswer answer = PollAnswer.read(json.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.jobs()).containsExactly(good);
        assertThat(answer.unreadable())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.job()).isEqualTo(new JobId("j-2"));
                    assertThat(one.token()).isEqualTo(9);
                    assertThat(one.reason()).contains("/mode");
                });
    }

    @Test
    void readsWhereTheEnginesAreAsFarAsItCan() {
        assertThat(read("{\"engines\": [\"https://a\", 1, null, {}, \"https://b\"]}").engines())
                .containsExactly("https://a", "https://b");
        assertThat(read("{\"engines\": \"https://a\"}").engines()).isEmpty();
        assertThat(read("{}").engines()).isEmpty();
    }

    private static PollAnswer read(String json) {
        return PollAnswer.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void takesAnyBytes(@ForAll @Size(max = 100) byte[] bytes) {
        try {
            assertThat(PollAnswer.read(bytes)).isNotNull();
        } catch (ProtocolException e) {
            assertThat(e.code()).isEqualTo("protocol.malformed");
        }
    }
}
