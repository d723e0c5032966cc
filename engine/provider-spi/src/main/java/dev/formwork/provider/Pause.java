package dev.formwork.provider;

import java.time.Duration;

/// How a provider waits before it asks a place again. A test gives one that does not.
@FunctionalInterface
public interface Pause {
    /// Waits in real time.
    Pause REAL = Thread::sleep;

    /// The next of pauses that grow: twice as long, and no longer than the longest.
    static Duration doubled(Duration pause, Duration longest) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(longest) < 0 ? twice : longest;
    }

    /// @throws InterruptedException where the operation is cancelled meanwhile
    void last(Duration time) throws InterruptedException;
}
