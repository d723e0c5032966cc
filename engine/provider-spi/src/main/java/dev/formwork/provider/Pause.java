package dev.formwork.provider;

import java.time.Duration;

/// How a provider waits before it asks a place again. A test gives one that does not.
@FunctionalInterface
public interface Pause {
    /// Waits in real time.
    Pause REAL = Thread::sleep;

    /// @throws InterruptedException where the operation is cancelled meanwhile
    void last(Duration time) throws InterruptedException;
}
