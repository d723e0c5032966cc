package dev.formwork.provider.local;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits, not for long, for what the host does in its own time.
final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Eventually() {}

    interface Condition {
        boolean holds() throws Exception;
    }

    static void holds(String what, Condition condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!evaluate(condition)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("after " + PATIENCE + " still not so: " + what);
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
