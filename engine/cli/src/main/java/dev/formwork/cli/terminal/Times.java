package dev.formwork.cli.terminal;

import java.time.Duration;
import java.time.Instant;

/// Times for people.
public final class Times {
    private Times() {}

    /// `0.4 s`, `12 s`, `3:05`, `1:02:05`.
    public static String lasted(Duration duration) {
        Duration positive = duration.isNegative() ? Duration.ZERO : duration;
        if (positive.compareTo(Duration.ofSeconds(10)) < 0) {
            long tenths = positive.toMillis() / 100;
            return tenths / 10 + "." + tenths % 10 + " s";
        }
        return positive.compareTo(Duration.ofMinutes(1)) < 0
                ? positive.toSeconds() + " s"
                : clock(positive);
    }

    /// `0:07`, `3:05`, `1:02:05`.
    public static String clock(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /// `now`, `12 s ago`, `3 min ago`, `5 h ago`, `3 days ago`.
    public static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.toSeconds() < 2) {
            return "now";
        }
        if (age.toSeconds() < 120) {
            return age.toSeconds() + " s ago";
        }
        if (age.toMinutes() < 120) {
            return age.toMinutes() + " min ago";
        }
        return age.toHours() < 48 ? age.toHours() + " h ago" : age.toDays() + " days ago";
    }
}
