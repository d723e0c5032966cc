package dev.formwork.agent.job;

import java.io.Serial;

/// A job fails for a reason that has a code; becomes its report.
final class JobFailureException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final String code;

    JobFailureException(String code, String detail) {
        super(detail);
        this.code = code;
    }

    String code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
