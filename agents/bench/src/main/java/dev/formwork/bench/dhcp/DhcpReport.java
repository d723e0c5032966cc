package dev.formwork.bench.dhcp;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.report.Table;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps a core or two busy
/// @param missing what was left out, and why
public record DhcpReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        List<ServerFigure> servers,
        List<String> missing)
        implements Report {
    private static final String WHOLE = "%,.0f";

    public DhcpReport {
        servers = List.copyOf(servers);
        missing = List.copyOf(missing);
    }

    /// @param mostPerSecond exchanges that were completed in a second, at the rate at which they
    ///   were most
    /// @param withoutLossPerSecond exchanges begun in a second, of which at most one in a hundred
    ///   was lost: the highest rate of those tried
    /// @param offerMs at the lowest rate, on average
    /// @param acknowledgementMs at the lowest rate, on average
    /// @param overKea exchanges over Kea's, round by round
    public record ServerFigure(
            String server,
            Series mostPerSecond,
            Series withoutLossPerSecond,
            Series offerMs,
            Series acknowledgementMs,
            Optional<Series> overKea) {}

    @Override
    public String text() {
        Table table =
                new Table(
                        "DHCP exchanges of four messages, median [least-most]",
                        "server",
                        "most/s",
                        "",
                        "without loss/s",
                        "",
                        "over Kea",
                        "offer ms",
                        "ack ms");
        for (ServerFigure each : servers) {
            table.row(
                    each.server(),
                    whole(each.mostPerSecond().median()),
                    each.mostPerSecond().range(WHOLE),
                    whole(each.withoutLossPerSecond().median()),
                    each.withoutLossPerSecond().range(WHOLE),
                    each.overKea().map(over -> "%.2f".formatted(over.median())).orElse(""),
                    "%.1f".formatted(each.offerMs().median()),
                    "%.1f".formatted(each.acknowledgementMs().median()));
        }
        StringBuilder text = new StringBuilder();
        text.append(machine.heading(command, at, loadAverageAtEnd)).append('\n');
        text.append(table.text());
        missing.forEach(why -> text.append("  not measured: ").append(why).append('\n'));
        return text.toString();
    }

    private static String whole(double value) {
        return WHOLE.formatted(value);
    }
}
