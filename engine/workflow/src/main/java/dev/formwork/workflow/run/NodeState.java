package dev.formwork.workflow.run;

import java.util.Locale;

/// The states of a StepRun (DESIGN 4).
public enum NodeState {
    /// Something before it has not ended well.
    BLOCKED,
    /// May start; a job is about to be made.
    READY,
    /// Could go on but for something outside: an agent that does not call, a retry's delay, another
    /// run on the machine, a person's answer. Its reason says what.
    WAITING,
    RUNNING,
    SUCCEEDED,
    /// Nothing to do: same fingerprint, or a check that held.
    UNCHANGED,
    FAILED,
    /// Its `when` is false.
    SKIPPED,
    CANCELLED;

    /// Lets what comes after go on.
    public boolean endedWell() {
        return this == SUCCEEDED || this == UNCHANGED || this == SKIPPED;
    }

    /// Will not change but by a person's `retry` or `resolve`.
    public boolean ended() {
        return endedWell() || this == FAILED || this == CANCELLED;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
