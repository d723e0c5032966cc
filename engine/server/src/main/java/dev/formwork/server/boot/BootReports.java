package dev.formwork.server.boot;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What boot servers see now: each thing once, until it is over or has not been seen for an hour.
/// Bounded, as hostile packets can make up any number of things to see. Thread-safe.
final class BootReports {
    static final Duration MEMORY = Duration.ofHours(1);

    /// Of one code, so that a flood of one leaves room for the others.
    static final int MOST = 64;

    private final Map<Key, Seen> seen = new HashMap<>();

    private record Key(String server, String code, String subject) {}

    /// `BootSighting` of the API.
    ///
    /// @param count how often it was said
    record Sighting(
            String server,
            String code,
            String subject,
            String detail,
            Instant first,
            Instant last,
            long count) {}

    /// @param told when it was last made known to those who watch
    private record Seen(String detail, Instant first, Instant last, Instant told, long count) {}

    /// Notes a report.
    ///
    /// @return whether it is news
    synchronized boolean take(BootReport report, Instant now) {
        forget(now);
        Key key = new Key(report.server(), report.code(), report.subject());
        @Nullable Seen before = seen.get(key);
        if (report.ends()) {
            return seen.remove(key) != null;
        }
        if (before == null) {
            if (seen.keySet().stream().filter(it -> it.code().equals(key.code())).count() >= MOST) {
                return false;
            }
            seen.put(key, new Seen(report.detail(), now, now, now, 1));
            return true;
        }
        boolean isNews = !before.told().plus(MEMORY).isAfter(now);
        seen.put(
                key,
                new Seen(
                        report.detail(),
                        before.first(),
                        now,
                        isNews ? now : before.told(),
                        before.count() + 1));
        return isNews;
    }

    /// The newest first.
    synchronized List<Sighting> all(Instant now) {
        forget(now);
        List<Sighting> all = new ArrayList<>();
        seen.forEach((key, it) ->
                all.add(
                        new Sighting(
                                key.server(),
                                key.code(),
                                key.subject(),
                                it.detail(),
                                it.first(),
                                it.last(),
                                it.count())));
        all.sort(Comparator.comparing(Sighting::last).reversed().thenComparing(Sighting::code));
        return all;
    }

    private void forget(Instant now) {
        seen.values().removeIf(it -> !it.last().plus(MEMORY).isAfter(now));
    }
}
