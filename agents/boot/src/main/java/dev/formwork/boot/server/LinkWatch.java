package dev.formwork.boot.server;

import dev.formwork.boot.lease.Observation;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Names links that are down, and those that are up again. Says the same once a minute, while it is
/// so.
final class LinkWatch {
    /// Switches take seconds until they let anything through, and so do bridges.
    static final Duration PATIENCE = Duration.ofSeconds(3);

    static final Duration QUIET = Duration.ofMinutes(1);

    private final Map<String, Down> down = new HashMap<>();

    /// @param said when it was last said, if it was
    private record Down(Instant since, @Nullable Instant said) {}

    /// @param isUp whether it is switched on, with a cable that leads to something
    Optional<Observation> look(String link, boolean isUp, Instant now) {
        @Nullable Down before = down.get(link);
        if (isUp) {
            down.remove(link);
            return before == null || before.said() == null
                    ? Optional.empty()
                    : Optional.of(
                            new Observation(
                                    "boot.link-down",
                                    link,
                                    "network interface " + link + " is up again",
                                    true));
        }
        if (before == null) {
            down.put(link, new Down(now, null));
            return Optional.empty();
        }
        Instant due =
                before.said() == null ? before.since().plus(PATIENCE) : before.said().plus(QUIET);
        if (due.isAfter(now)) {
            return Optional.empty();
        }
        down.put(link, new Down(before.since(), now));
        return Optional.of(
                new Observation(
                        "boot.link-down",
                        link,
                        "network interface "
                                + link
                                + " is down: is a cable in it, and something at the other end?"));
    }
}
