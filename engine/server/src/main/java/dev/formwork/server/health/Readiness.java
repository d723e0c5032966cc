package dev.formwork.server.health;

import dev.formwork.model.Problem;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Why the engine takes no work, if it does not. Thread-safe.
public final class Readiness {
    private static final Problem STARTING =
            Problem.of("server.starting", "the engine is starting", "ask again in a second");
    private static final Problem STOPPING =
            Problem.of("server.stopping", "the engine is stopping", "ask again once it is back");

    private final AtomicReference<Optional<Problem>> phase =
            new AtomicReference<>(Optional.of(STARTING));
    private final Supplier<Optional<Problem>> engine;

    /// @param engine what keeps the engine's parts from taking work
    public Readiness(Supplier<Optional<Problem>> engine) {
        this.engine = engine;
    }

    public void up() {
        phase.set(Optional.empty());
    }

    public void stopping() {
        phase.set(Optional.of(STOPPING));
    }

    /// Empty while all is well.
    public Optional<Problem> problem() {
        return phase.get().or(engine);
    }

    /// Whether requests can be answered at all: a broken store can still be read.
    Optional<Problem> refusal() {
        return phase.get();
    }
}
