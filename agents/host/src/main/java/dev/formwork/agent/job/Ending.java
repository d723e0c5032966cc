package dev.formwork.agent.job;

import java.time.Duration;

/// When to send which signal to processes that are to end: TERM at once, KILL after the grace, and
/// KILL again until none is left. Nanoseconds are those of one monotonic clock. For one thread.
final class Ending {
    /// How long a process may stay after KILL before it is given up: it hangs in the kernel.
    private static final long GIVE_UP_NANOS = Duration.ofSeconds(15).toNanos();

    private long graceNanos;
    private boolean begun;
    private long begunAt;

    enum Step {
        WAIT,
        TERM,
        KILL,
        GIVE_UP
    }

    Ending(Duration grace) {
        this.graceNanos = grace.toNanos();
    }

    /// There is no more than this between TERM and KILL; where that is over already, KILL is next.
    void within(Duration grace, long nowNanos) {
        long elapsed = begun ? nowNanos - begunAt : 0;
        graceNanos = Math.min(graceNanos, Math.max(grace.toNanos(), elapsed));
    }

    /// What to do now.
    Step next(long nowNanos) {
        if (!begun) {
            begun = true;
            begunAt = nowNanos;
            return Step.TERM;
        }
        long elapsed = nowNanos - begunAt;
        if (elapsed < graceNanos) {
            return Step.WAIT;
        }
        return elapsed < graceNanos + GIVE_UP_NANOS ? Step.KILL : Step.GIVE_UP;
    }
}
