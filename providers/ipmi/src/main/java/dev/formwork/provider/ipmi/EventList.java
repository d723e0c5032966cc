package dev.formwork.provider.ipmi;

import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.SensorReading.Health;
import dev.formwork.provider.bmc.Node;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads what `sel elist` prints: number, date, time, sensor, event, direction and more, with bars
/// between. The clock is the controller's, said in UTC.
final class EventList {
    private static final int MOST = 10_000;
    private static final String NONE = "SEL has no entries";
    private static final List<DateTimeFormatter> TIMES =
            List.of(
                    DateTimeFormatter.ofPattern("MM/dd/uu HH:mm:ss", Locale.ROOT),
                    DateTimeFormatter.ofPattern("MM/dd/uuuu HH:mm:ss", Locale.ROOT));

    private EventList() {}

    /// @throws dev.formwork.model.ProblemException `ipmi.bad-answer`
    static List<HardwareEvent> parse(Node node, String said) {
        List<HardwareEvent> all = new ArrayList<>();
        for (String line : said.split("\n", -1)) {
            if (line.isBlank() || line.strip().equals(NONE) || all.size() == MOST) {
                continue;
            }
            List<String> columns = Arrays.stream(line.split("\\|", -1)).map(Fields::clean).toList();
            if (columns.size() < 4 || !columns.getFirst().matches("[0-9a-f]{1,8}")) {
                throw IpmiFailure.badAnswer(node, "its event log", line);
            }
            String message =
                    columns.subList(4, columns.size()).stream()
                            .filter(each -> !each.isEmpty())
                            .collect(Collectors.joining(", "));
            all.add(
                    new HardwareEvent(
                            columns.get(0),
                            time(columns.get(1) + " " + columns.get(2)),
                            columns.get(3),
                            message,
                            health(message)));
        }
        return all;
    }

    private static Optional<Instant> time(String text) {
        String plain = text.replaceAll(" (UTC|GMT)$", "");
        for (DateTimeFormatter form : TIMES) {
            try {
                return Optional.of(LocalDateTime.parse(plain, form).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException another) {
                // Counted from the controller's start, where its clock was not set.
            }
        }
        return Optional.empty();
    }

    /// By the words of IPMI 2.0, table 42-2: the log itself has no severity.
    private static Health health(String message) {
        String words = message.toLowerCase(Locale.ROOT);
        if (words.contains("deasserted")) {
            return Health.OK;
        }
        if (words.contains("non-critical")) {
            return Health.WARNING;
        }
        return words.contains("critical")
                        || words.contains("non-recoverable")
                        || words.contains("failure")
                        || words.contains("uncorrectable")
                ? Health.CRITICAL
                : Health.UNKNOWN;
    }
}
