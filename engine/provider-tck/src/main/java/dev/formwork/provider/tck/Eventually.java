package dev.formwork.provider.tck;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits, not for long, for what a host or a machine does in its own time.
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Eventually() {}

    /// What is waited for.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /// Returns as soon as the condition holds.
    ///
    /// @throws AssertionError where it does not in 20 seconds
    public static void holds(String what, Condition condition) {
        holds(what, PATIENCE, condition);
    }

    /// The same, for what takes longer, such as the boot of a machine.
    public static void holds(String what, Duration patience, Condition condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!evaluate(condition)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("after " + patience + " still not so: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static boolean evaluate(Condition condition) {
        try {
            return condition.holds();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
