package dev.formwork.agent.http;

import java.io.Serial;

/// A call that did not do what it was to do. Its message has no values in it.
final class CallException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean unknown;

    private CallException(String code, String detail, boolean unknown) {
        super(detail);
        this.code = code;
        this.unknown = unknown;
    }

    /// It is known that the call has failed.
    static CallException failed(String code, String detail) {
        return new CallException(code, detail, false);
    }

    /// It was sent, and what came of it can't be known.
    static CallException unknown(String code, String detail) {
        return new CallException(code, detail, true);
    }

    /// Of docs/errors.md.
    String code() {
        return code;
    }

    boolean isUnknown() {
        return unknown;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
