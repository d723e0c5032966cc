package dev.formwork.agent.runner;

import java.io.Serial;

/// This machine can't execute scripts of this kind.
public final class RunnerMissingException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final String code;

    /// @param code `agent.runner-unknown` where the agent does not know the runner,
    ///   `agent.runner-missing` where the machine lacks the program
    public RunnerMissingException(String code, String detail) {
        super(detail);
        this.code = code;
    }

    /// As given.
    public String code() {
        return code;
    }
}
