package dev.formwork.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what another process does, and of which nothing tells.
public final class Eventually {
    private static final long PAUSE = Duration.ofMillis(20).toNanos();

    private Eventually() {}

    /// @param what is said where it does not come true
    public static void until(BooleanSupplier condition, Duration within, Supplier<String> what) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what.get());
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
