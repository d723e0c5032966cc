package dev.formwork.agent.container;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Serial;

/// Something did not come over the network, and may come when it is asked for again.
final class FetchException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    FetchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
