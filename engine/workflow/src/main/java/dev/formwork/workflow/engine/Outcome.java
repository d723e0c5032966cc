package dev.formwork.workflow.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a job ended, as its agent reports it (docs/agent-protocol.md).
public enum Outcome {
    /// The script ended with 0 and its outputs were read.
    SUCCEEDED,
    /// `check` answered 0; also ends a check-then-run.
    HOLDS,
    /// `check` answered 1.
    DOES_NOT_HOLD,
    /// `check` answered anything else, or nothing.
    CHECK_UNKNOWN,
    FAILED,
    TIMED_OUT,
    CANCELLED,
    /// The agent or the machine went down while it ran, and how it ended cannot be known.
    INTERRUPTED,
    /// Asked for by the task: the machine reboots once this is stored, and the job comes back.
    REBOOT,
    /// As REBOOT, by a task that has more to do.
    INCOMPLETE,
    /// The machine goes down once this is stored, and the job is over.
    POWER_OFF;

    /// As it is written in the protocol: `does-not-hold`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Outcome> ofWord(String word) {
        return Arrays.stream(values()).filter(outcome -> outcome.word().equals(word)).findFirst();
    }
}
