package dev.formwork.agent.pace;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Waits that double from a first to a longest one, each with jitter: between half of it and the
/// whole, so that ten thousand agents do not come back in step. For one thread.
public final class Backoff {
    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration next;

    public Backoff(Duration first, Duration longest, RandomGenerator random) {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("a backoff starts above zero and does not shrink");
        }
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.next = first;
    }

    /// For calls to the engine: half a second at first, ten at most.
    public static Backoff forEngine(RandomGenerator random) {
        return new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), random);
    }

    /// The next wait.
    public Duration next() {
        long nanos = next.toNanos();
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return Duration.ofNanos(nanos / 2 + random.nextLong(nanos - nanos / 2 + 1));
    }

    /// After success: begins anew.
    public void reset() {
        next = first;
    }
}
