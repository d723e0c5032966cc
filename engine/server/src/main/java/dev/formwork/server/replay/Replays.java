package dev.formwork.server.replay;

import dev.formwork.model.RunId;
import dev.formwork.workflow.engine.Replay;

/// Replays runs beside the engine, one at a time: a big one takes memory. Thread-safe.
public final class Replays {
    private final Replay replay;

    public Replays(Replay replay) {
        this.replay = replay;
    }

    /// @throws dev.formwork.model.ProblemException `run.unknown`, `replay.*`
    synchronized Replay.Outcome of(RunId run) {
        return replay.of(run);
    }
}
