package dev.formwork.cli.watch;

import java.time.Instant;

/// Shows a run's progress.
sealed interface ProgressView permits LiveView, PlainView {
    /// The first look is known.
    void begin(ProgressState state, Instant now);

    void changed(ProgressState state, ProgressState.Change change, Instant now);

    /// Time has gone by.
    void tick(ProgressState state, Instant now);

    /// A line of its own.
    void note(String line);

    /// Leaves the cursor at the start of an empty line.
    void end();
}
