package dev.formwork.boot.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers what was last said under a key, to tell two that use one key from one that moved:
/// something that moved does not come back to where it was within ten minutes, two do.
final class Sightings {
    private static final int MOST = 1 << 16;
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private final Map<String, Seen> seen = new Recent<>(MOST);

    private record Seen(String value, Instant at, String before, Instant beforeAt) {}

    /// The other value, where the key is used by two.
    Optional<String> see(String key, String value, Instant now) {
        Seen last = seen.get(key);
        if (last == null) {
            seen.put(key, new Seen(value, now, value, now));
            return Optional.empty();
        }
        if (last.value().equals(value)) {
            seen.put(key, new Seen(value, now, last.before(), last.beforeAt()));
            return Optional.empty();
        }
        seen.put(key, new Seen(value, now, last.value(), last.at()));
        boolean isBack = last.before().equals(value) && last.beforeAt().plus(MEMORY).isAfter(now);
        return isBack ? Optional.of(last.value()) : Optional.empty();
    }

    /// A map that forgets what was not used for longest: keys come from hostile packets.
    static final class Recent<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        private final int most;

        Recent(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > most;
        }
    }
}
