package dev.formwork.provider.ipmi;

import dev.formwork.provider.SensorReading;
import dev.formwork.provider.SensorReading.Health;
import dev.formwork.provider.bmc.Node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what `sdr elist all` prints: name, number, status, entity and reading, with bars between.
final class SensorList {
    private static final int MOST = 2_000;
    private static final Pattern READING =
            Pattern.compile("(-?[0-9]{1,12}(?:\\.[0-9]{1,6})?) (.+)");
    private static final Map<String, String> UNITS =
            Map.of(
                    "degrees C", "°C",
                    "degrees F", "°F",
                    "percent", "%",
                    "Volts", "V",
                    "Watts", "W",
                    "Amps", "A",
                    "RPM", "RPM");

    private SensorList() {}

    /// @throws dev.formwork.model.ProblemException `ipmi.bad-answer`
    static List<SensorReading> parse(Node node, String said) {
        List<SensorReading> all = new ArrayList<>();
        for (String line : said.split("\n", -1)) {
            if (line.isBlank() || all.size() == MOST) {
                continue;
            }
            String[] columns = line.split("\\|", 5);
            if (columns.length != 5) {
                throw IpmiFailure.badAnswer(node, "its sensors", line);
            }
            String state = Fields.clean(columns[4]);
            Matcher reading = READING.matcher(state);
            String unit = reading.matches() ? UNITS.get(reading.group(2)) : null;
            boolean isValue = unit != null;
            all.add(
                    new SensorReading(
                            Fields.clean(columns[0]),
                            isValue
                                    ? OptionalDouble.of(Double.parseDouble(reading.group(1)))
                                    : OptionalDouble.empty(),
                            unit == null ? "" : unit,
                            health(columns[2].strip()),
                            isValue ? "" : state));
        }
        return all;
    }

    /// ipmitool's words for where a value is between its thresholds.
    private static Health health(String status) {
        return switch (status) {
            case "ok" -> Health.OK;
            case "lnc", "unc", "nc" -> Health.WARNING;
            case "lcr", "ucr", "lnr", "unr", "cr", "nr" -> Health.CRITICAL;
            default -> Health.UNKNOWN;
        };
    }
}
