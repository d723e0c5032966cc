package dev.formwork.agent.runner;

import java.io.Serial;

/// A script of this kind can't be executed here.
public final class RunnerException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final String code;

    /// @param code `agent.runner-unknown` where the agent does not know the runner,
    ///   `agent.runner-missing` where the machine lacks the program; others as docs/errors.md lists
    ///   them
    public RunnerException(String code, String detail) {
        super(detail);
        this.code = code;
    }

    /// As given.
    public String code() {
        return code;
    }

    /// What is wrong.
    public String detail() {
        return String.valueOf(getMessage());
    }
}
