package dev.formwork.agent.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// How a job ended.
public enum Outcome {
    /// The script ended with 0 and its outputs were read.
    SUCCEEDED("succeeded"),
    /// The check says that the machine is as wanted.
    HOLDS("holds"),
    /// The check says that it is not.
    DOES_NOT_HOLD("does-not-hold"),
    /// The check gave no answer: it ended with neither 0 nor 1.
    CHECK_UNKNOWN("check-unknown"),
    /// The script ended with something else than 0, or the report's code says what went wrong.
    FAILED("failed"),
    /// It ran longer than it may, and was ended.
    TIMED_OUT("timed-out"),
    /// The engine asked for its end.
    CANCELLED("cancelled"),
    /// The agent or the machine went down while it ran; how it ended cannot be known.
    INTERRUPTED("interrupted"),
    /// The script asks for a reboot and goes on in the next phase.
    REBOOT("reboot"),
    /// The script asks for a reboot and to be run again.
    INCOMPLETE("incomplete"),
    /// The script is done and asks for the machine to be powered off.
    POWER_OFF("power-off");

    private final String wireName;

    Outcome(String wireName) {
        this.wireName = wireName;
    }

    /// The name in JSON.
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /// Whether the machine goes down after the engine has stored this.
    public boolean endsTheBoot() {
        return this == REBOOT || this == INCOMPLETE || this == POWER_OFF;
    }
}
