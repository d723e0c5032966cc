package dev.formwork.model.yaml;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them: `500ms`, `5s`, `2m`, `1h30m`.
public final class Durations {
    /// For messages.
    public static final String HINT = "such as 500ms, 5s, 2m or 1h30m, up to 10000h";

    static final Pattern PARTS =
            Pattern.compile("(?:(\\d{1,5})h)?(?:(\\d{1,7})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

    private static final Duration MOST = Duration.ofHours(10_000);

    private Durations() {}

    /// From nothing (`0s`) to 10000 hours; empty where the text is no such duration.
    public static Optional<Duration> parse(String text) {
        Matcher parts = PARTS.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return Optional.empty();
        }
        Duration duration =
                Duration.ofHours(number(parts, 1))
                        .plusMinutes(number(parts, 2))
                        .plusSeconds(number(parts, 3))
                        .plusMillis(number(parts, 4));
        return duration.compareTo(MOST) > 0 ? Optional.empty() : Optional.of(duration);
    }

    /// The shortest way to write a duration that [#parse] reads; `0s` for none. Less than a
    /// millisecond is dropped.
    public static String format(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long number, String unit) {
        if (number > 0) {
            text.append(number).append(unit);
        }
    }

    private static long number(Matcher parts, int group) {
        String digits = parts.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
