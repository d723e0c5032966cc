package dev.formwork.agent.transport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Serial;

/// The engine gave no answer that means anything: the connection failed, it is overloaded or
/// starting, or something else answers at its address. To be tried again later.
public final class EngineUnreachableException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    public EngineUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
