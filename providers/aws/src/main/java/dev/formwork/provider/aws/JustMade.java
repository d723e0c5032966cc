package dev.formwork.provider.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The instances that this process has made of late. EC2 answers from several places that learn of
/// an instance one after the other, so that it may not know one that it has shown before: for these
/// "not there" is not "gone". ("Ensuring idempotency" and "Eventual consistency in the Amazon EC2
/// API" in the EC2 developer guide: minutes, at worst.) Thread-safe.
final class JustMade {
    private static final Duration LATE = Duration.ofMinutes(5);

    private final Clock clock;
    private final Map<String, Instant> made = new ConcurrentHashMap<>();

    JustMade(Clock clock) {
        this.clock = clock;
    }

    void add(String id) {
        Instant now = clock.instant();
        made.values().removeIf(at -> isLongAgo(at, now));
        made.put(id, now);
    }

    /// It was seen to have ended: now it may go.
    void ended(String id) {
        made.remove(id);
    }

    boolean contains(String id) {
        Instant at = made.get(id);
        return at != null && !isLongAgo(at, clock.instant());
    }

    List<String> all() {
        return made.keySet().stream().filter(this::contains).toList();
    }

    private static boolean isLongAgo(Instant at, Instant now) {
        return at.plus(LATE).isBefore(now);
    }
}
