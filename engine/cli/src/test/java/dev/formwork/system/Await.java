package dev.formwork.system;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Waits until something is so, and no longer than until a deadline. The one place that waits by
/// looking again.
final class Await {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    /// What is asked again and again. What it throws ends the wait.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(String what, Duration patience, Condition condition) {
        some(what, patience, () -> holds(condition) ? Optional.of(true) : Optional.empty());
    }

    /// The first that is there.
    static <T> T some(String what, Duration patience, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("after " + patience + " still not so: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
