package dev.formwork.agent.host;

import java.io.IOException;

/// A host says more than any answer is long. To ask again would not help.
public final class HostAnswerTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    public HostAnswerTooLongException() {
        super("the host says more than any answer is long");
    }
}
