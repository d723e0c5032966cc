package dev.formwork.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// That what a test starts ends with it, so that the test ends too: whoever is left has its output,
/// and would be waited for.
class RunningIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void endsWhatIsNobodysChildAnyMore() throws Exception {
        Running running = shell("(sleep 1000 & echo $!); exec sleep 1000");
        long number = Long.parseLong(running.await(_ -> true, "a number", PATIENCE));
        ProcessHandle daemon = ProcessHandle.of(number).orElseThrow();

        running.close();

        assertThat(daemon.onExit()).succeedsWithin(PATIENCE);
    }

    /// As nginx does with its workers.
    @Test
    void endsWhoStartsAnotherChildForEachThatEnds() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Running running =
                    shell(
                            "for i in 1 2 3; do (while :; do sleep 1000; done) & done; echo all; wait")) {
                running.await("all"::equals, "all", PATIENCE);
            }
        }
    }

    @Test
    void endsWhoHasEnded() throws Exception {
        Running running = shell("echo one");

        assertThat(running.toEnd()).containsExactly("one");
        running.close();
    }

    private static Running shell(String script) throws IOException {
        return new Running("a shell", List.of("sh", "-c", script));
    }
}
