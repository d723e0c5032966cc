package dev.formwork.agent.job;

import dev.formwork.agent.protocol.Outcome;

import org.jspecify.annotations.Nullable;

/// Why a job is ended from outside.
enum StopReason {
    /// It ran too long.
    TIMED_OUT(Outcome.TIMED_OUT),
    /// The engine asked for it.
    CANCELLED(Outcome.CANCELLED),
    /// A newer attempt is here; nobody wants a report.
    SUPERSEDED(null),
    /// The engine has given out a newer token; nobody wants a report.
    FENCED(null);

    private final @Nullable Outcome outcome;

    StopReason(@Nullable Outcome outcome) {
        this.outcome = outcome;
    }

    /// What is reported; null for nothing.
    @Nullable Outcome outcome() {
        return outcome;
    }
}
