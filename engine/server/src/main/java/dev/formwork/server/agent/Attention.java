package dev.formwork.server.agent;

import java.time.Duration;

/// How long a plan goes on waiting for the checks of one machine: as long as its agent does
/// something. Nanoseconds are those of one monotonic clock. Thread-safe.
final class Attention {
    private final long silence;
    private int running;
    private long until;

    /// @param silence how long an agent that has something to do may do nothing
    Attention(Duration silence, long now) {
        this.silence = silence.toNanos();
        this.until = now + this.silence;
    }

    /// @param longest how long the check may take that has begun
    synchronized void began(Duration longest, long now) {
        running++;
        long due = now + longest.toNanos() + silence;
        if (due - until > 0) {
            until = due;
        }
    }

    synchronized void ended(long now) {
        running--;
        if (running == 0) {
            until = now + silence;
        }
    }

    /// Nanoseconds; 0 or less where it is over.
    synchronized long left(long now) {
        return until - now;
    }
}
