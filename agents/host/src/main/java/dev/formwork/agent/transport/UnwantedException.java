package dev.formwork.agent.transport;

import java.io.Serial;

/// A call was given up because its answer is no longer wanted.
public final class UnwantedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;
}
