package dev.formwork.system;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A person who applies a cluster and does not give up: whenever the engine has died, it is started
/// again, and what was begun is gone on with.
final class Driver {
    private static final Duration TO_DIE = Duration.ofSeconds(20);

    private final EngineProcess engine;
    private final EngineOptions options;
    private final Deque<String> failpoints;
    private int deaths;

    /// @param failpoints of the first engine, of the one after that, and so on
    Driver(EngineProcess engine, EngineOptions options, List<String> failpoints) {
        this.engine = engine;
        this.options = options;
        this.failpoints = new ArrayDeque<>(failpoints);
    }

    /// How often the engine has died.
    int deaths() {
        return deaths;
    }

    /// Applies until a run of it has ended.
    ///
    /// @param plan makes the plan, if there is no run yet
    Answer.Run apply(String cluster, Function<ApiClient, Answer.Plan> plan, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            if (!engine.isAlive()) {
                engine.launch(
                        Optional.ofNullable(failpoints.poll())
                                .map(options::withFailpoint)
                                .orElse(options));
            }
            if (!engine.awaitReady()) {
                deaths++;
                continue;
            }
            try {
                ApiClient api = engine.api();
                Optional<Answer.Run> begun = api.runs(cluster).stream().findFirst();
                Answer.Run run = begun.isPresent() ? begun.get() : api.start(plan.apply(api));
                return api.awaitEnd(run.id(), Duration.ofNanos(deadline - System.nanoTime()));
            } catch (UncheckedIOException e) {
                // The connection broke: the engine is dying.
                engine.awaitEnd(TO_DIE);
                deaths++;
            }
        }
        throw new AssertionError("after " + patience + " it is not applied");
    }
}
