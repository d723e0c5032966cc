package dev.formwork.agent.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// What a job does with its module.
public enum JobMode {
    /// The script runs.
    RUN("run"),
    /// Only the check runs, and it changes nothing.
    CHECK("check"),
    /// The check first; the script, where the check says that the machine is not as wanted.
    CHECK_THEN_RUN("check-then-run"),
    /// The script is the one that undoes.
    UNDO("undo");

    private final String wireName;

    JobMode(String wireName) {
        this.wireName = wireName;
    }

    /// The name in JSON.
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /// Whether the job has a check.
    public boolean checks() {
        return this == CHECK || this == CHECK_THEN_RUN;
    }
}
