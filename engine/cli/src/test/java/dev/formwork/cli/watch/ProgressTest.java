package dev.formwork.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.cli.client.RunEvent;
import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.terminal.Terminal;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

class ProgressTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final StringWriter out = new StringWriter();
    private final ProgressState state = new ProgressState();

    @Test
    void drawsABarTheRunningStepsAndWhatIsOver() {
        LiveView view = new LiveView(new PrintWriter(out), new Terminal(true, true, 60, false));
        state.look(List.of(node("a@m-0"), node("a@m-1"), node("b@engine")), START);
        view.begin(state, START);
        event(view, "a@m-0", "running", 1, 0);
        event(view, "a@m-1", "running", 1, 1);
        event(view, "a@m-0", "succeeded", 1, 4);
        out.getBuffer().setLength(0);
        view.tick(state, START.plusSeconds(5));
        assertThat(out.toString())
                .isEqualTo(
                        """
                        \u001b[2A\r\u001b[J[######..............] 1/3, 1 running  0:05
                           0:04  a@m-1
                        """);
        out.getBuffer().setLength(0);
        event(view, "a@m-1", "succeeded", 1, 6);
        assertThat(out.toString()).contains("  ok      a                   6.0 s  m-[0,1]\n");
        event(view, "b@engine", "failed", 1, 7);
        assertThat(out.toString()).contains("  failed  b@engine: because");
    }

    @Test
    void keepsEveryLineWithinTheTerminal() {
        LiveView view = new LiveView(new PrintWriter(out), new Terminal(true, true, 40, true));
        String long_ = "a-step-with-quite-a-long-name@and-a-machine-with-a-longer-one";
        state.look(List.of(node(long_)), START);
        view.begin(state, START);
        event(view, long_, "running", 1, 1);
        assertThat(
                        out.toString()
                                .replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "")
                                .replace("\r", "")
                                .lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40));
    }

    @Test
    void writesALineForEachChangeWhereThereIsNoTerminal() {
        PlainView view = new PlainView(new PrintWriter(out), ZoneOffset.UTC);
        state.look(List.of(node("a@m-0")), START);
        view.begin(state, START);
        event(view, "a@m-0", "ready", 0, 0);
        event(view, "a@m-0", "running", 1, 1);
        event(view, "a@m-0", "running", 2, 2);
        event(view, "a@m-0", "failed", 2, 4);
        assertThat(out.toString())
                .isEqualTo(
                        """
                        10:00:00 0 of 1 nodes done
                        10:00:01 running    a@m-0
                        10:00:01 running    a@m-0 (attempt 2)
                        10:00:04 failed     a@m-0 (3.0 s): because
                        """);
    }

    @Test
    void knowsWhenOnlyAPersonCanGoOn() {
        state.look(List.of(node("a@m-0"), node("b@m-0")), START);
        assertThat(state.waitsForAPerson()).isFalse();
        state.apply(event("a@m-0", "waiting", 1, 1, Optional.of("did_it_happen")));
        assertThat(state.waitsForAPerson()).isTrue();
        state.apply(event("b@m-0", "running", 1, 2, Optional.empty()));
        assertThat(state.waitsForAPerson()).isFalse();
    }

    private void event(ProgressView view, String key, String to, int attempt, int second) {
        state.apply(event(key, to, attempt, second, Optional.empty()))
                .ifPresent(change -> view.changed(state, change, START.plusSeconds(second)));
    }

    private static RunEvent event(
            String key, String to, int attempt, int second, Optional<String> question) {
        return new RunEvent(
                second,
                START.plusSeconds(second),
                "node.changed",
                key,
                to,
                to.equals("failed") ? "because" : "",
                attempt,
                Optional.empty(),
                question);
    }

    private static RunNode node(String key) {
        return new RunNode(
                key,
                "step",
                Optional.empty(),
                "blocked",
                0,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Value.Struct.EMPTY);
    }
}
