package dev.formwork.server.failpoint;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// Ends the engine's process at one instant, at once and without any order, as `kill -9` does: so
/// that tests can hit each of the instants between which a crash makes a difference. Off unless
/// `FORMWORK_FAILPOINT` names an instant, such as `after-commit:17`: the 17th time that changes are
/// durable and nobody has been told yet. Thread-safe.
public final class Failpoint {
    /// What it is read from.
    public static final String VARIABLE = "FORMWORK_FAILPOINT";

    /// What the process ends with, as if SIGKILL had ended it.
    public static final int STATUS = 137;

    /// Ends nothing.
    public static final Failpoint NONE = new Failpoint(Place.BEFORE_COMMIT, 0);

    private static final Logger LOG = LoggerFactory.getLogger(Failpoint.class);

    private final Place place;
    private final AtomicLong crossingsLeft;

    /// Where the engine can be ended.
    public enum Place {
        /// Changes are decided on, and not with the store yet.
        BEFORE_COMMIT,
        /// Changes are durable, and nobody has been told.
        AFTER_COMMIT,
        /// What was asked for is durable, and not begun.
        BEFORE_EFFECT,
        /// It has begun, and may have been done.
        AFTER_EFFECT;

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private Failpoint(Place place, long crossing) {
        this.place = place;
        this.crossingsLeft = new AtomicLong(crossing);
    }

    /// What this process was started with.
    ///
    /// @throws IllegalArgumentException where the variable is set and names no instant
    public static Failpoint ofEnvironment() {
        String setting = System.getenv(VARIABLE);
        if (setting == null || setting.isEmpty()) {
            return NONE;
        }
        LOG.warn("this engine ends itself: {}={}", VARIABLE, setting);
        return parse(setting);
    }

    static Failpoint parse(String setting) {
        for (Place place : Place.values()) {
            String prefix = place.word() + ":";
            if (setting.startsWith(prefix)
                    && setting.substring(prefix.length()).matches("[1-9][0-9]{0,8}")) {
                return new Failpoint(place, Long.parseLong(setting.substring(prefix.length())));
            }
        }
        throw new IllegalArgumentException(
                VARIABLE + " is a place and a count, such as after-commit:17, not " + setting);
    }

    /// Goes through a place. Does not return where this crossing is the one.
    public void cross(Place crossed) {
        if (this != NONE && crossed == place && crossingsLeft.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
