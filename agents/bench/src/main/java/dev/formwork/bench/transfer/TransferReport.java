package dev.formwork.bench.transfer;

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
public record TransferReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        List<HttpFigure> http,
        List<TftpFigure> tftp,
        FleetFigure fleet,
        List<String> missing)
        implements Report {
    public TransferReport {
        http = List.copyOf(http);
        tftp = List.copyOf(tftp);
        missing = List.copyOf(missing);
    }

    /// @param ofTheirs our rate over nginx's, round by round
    public record HttpFigure(
            int connections,
            Series mebibytesPerSecond,
            Optional<Series> nginx,
            Optional<Series> ofTheirs) {}

    /// @param ofTheirs our rate over tftpd-hpa's, round by round; it has no windows
    public record TftpFigure(
            int block,
            int window,
            int clients,
            Series mebibytesPerSecond,
            Optional<Series> tftpd,
            Optional<Series> ofTheirs) {}

    /// Machines that boot at the same time on a segment of 1 Gbit/s.
    ///
    /// @param megabytes that each loads
    /// @param seconds until the last has all
    /// @param firstSeconds until the first has
    /// @param ofSegment what went over the segment, headers and all, of what could have in that
    ///   time
    /// @param ofSegmentAsFiles the same of the files alone, of which a full segment takes 0.956
    public record FleetFigure(
            int machines,
            double megabytes,
            Series seconds,
            Series firstSeconds,
            Series ofSegment,
            Series ofSegmentAsFiles) {}

    @Override
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(machine.heading(command, at, loadAverageAtEnd)).append('\n');
        Table https =
                new Table(
                        "HTTP, MiB/s, median [least-most]",
                        "connections",
                        "formwork",
                        "",
                        "nginx",
                        "",
                        "of nginx");
        http.forEach(each ->
                https.row(
                        Integer.toString(each.connections()),
                        whole(each.mebibytesPerSecond()),
                        range(each.mebibytesPerSecond()),
                        each.nginx().map(TransferReport::whole).orElse(""),
                        each.nginx().map(TransferReport::range).orElse(""),
                        ratio(each.ofTheirs())));
        text.append(https.text()).append('\n');
        Table tftps =
                new Table(
                        "TFTP, MiB/s, median [least-most]",
                        "block",
                        "window",
                        "clients",
                        "formwork",
                        "",
                        "tftpd-hpa",
                        "",
                        "of tftpd-hpa");
        tftp.forEach(each ->
                tftps.row(
                        Integer.toString(each.block()),
                        Integer.toString(each.window()),
                        Integer.toString(each.clients()),
                        whole(each.mebibytesPerSecond()),
                        range(each.mebibytesPerSecond()),
                        each.tftpd().map(TransferReport::whole).orElse(""),
                        each.tftpd().map(TransferReport::range).orElse(""),
                        ratio(each.ofTheirs())));
        text.append(tftps.text()).append('\n');
        Table boots =
                new Table(
                        "Machines that boot at once on a segment of 1 Gbit/s",
                        "machines",
                        "MB each",
                        "first, s",
                        "last, s",
                        "of the segment",
                        "",
                        "files alone");
        boots.row(
                Integer.toString(fleet.machines()),
                "%.1f".formatted(fleet.megabytes()),
                "%.1f".formatted(fleet.firstSeconds().median()),
                "%.1f".formatted(fleet.seconds().median()),
                "%.3f".formatted(fleet.ofSegment().median()),
                fleet.ofSegment().range("%.3f"),
                "%.3f".formatted(fleet.ofSegmentAsFiles().median()));
        text.append(boots.text());
        missing.forEach(why -> text.append("  not measured: ").append(why).append('\n'));
        return text.toString();
    }

    private static String ratio(Optional<Series> series) {
        return series.map(each -> "%.2f".formatted(each.median())).orElse("");
    }

    private static String range(Series series) {
        return series.range("%,.0f");
    }

    private static String whole(Series series) {
        return "%,.0f".formatted(series.median());
    }
}
