package dev.formwork.bench.ssh;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.report.Table;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps the cores busy
/// @param parallel hosts that were worked on at once, by everybody
/// @param missing what was left out, and why
public record SshReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        int parallel,
        List<FleetFigure> fleets,
        List<String> missing)
        implements Report {

    public SshReport {
        fleets = List.copyOf(fleets);
        missing = List.copyOf(missing);
    }

    /// Seconds for a command on all hosts.
    ///
    /// @param cold from the start of the program, with a connection made to each
    /// @param connected over connections that are there
    /// @param ansible empty where it is not installed
    public record FleetFigure(
            int hosts, Series cold, Series connected, Optional<AnsibleFigure> ansible) {}

    /// @param cold no ControlMaster runs
    /// @param warm one for each host does
    /// @param coldRatio its time over ours, both cold, round by round
    /// @param warmRatio its time with warm ControlMasters over ours with connections, round by
    ///   round
    public record AnsibleFigure(Series cold, Series warm, Series coldRatio, Series warmRatio) {}

    @Override
    public String text() {
        Table seconds =
                new Table(
                        "a command on each host, %d at once; seconds, median [least-most]"
                                .formatted(parallel),
                        "hosts",
                        "rounds",
                        "formwork cold",
                        "",
                        "connected",
                        "",
                        "ansible cold",
                        "",
                        "warm",
                        "");
        Table ratios =
                new Table(
                        "ansible's time over ours, round by round, median [least-most]",
                        "hosts",
                        "cold",
                        "",
                        "warm ControlMaster / connected",
                        "");
        for (FleetFigure each : fleets) {
            seconds.row(
                    Integer.toString(each.hosts()),
                    Integer.toString(each.cold().rounds().size()),
                    "%.2f".formatted(each.cold().median()),
                    each.cold().range("%.2f"),
                    "%.3f".formatted(each.connected().median()),
                    each.connected().range("%.3f"),
                    each.ansible()
                            .map(figure -> "%.1f".formatted(figure.cold().median()))
                            .orElse(""),
                    each.ansible().map(figure -> figure.cold().range("%.1f")).orElse(""),
                    each.ansible()
                            .map(figure -> "%.1f".formatted(figure.warm().median()))
                            .orElse(""),
                    each.ansible().map(figure -> figure.warm().range("%.1f")).orElse(""));
            each.ansible()
                    .ifPresent(figure ->
                            ratios.row(
                                    Integer.toString(each.hosts()),
                                    "%.1f".formatted(figure.coldRatio().median()),
                                    figure.coldRatio().range("%.1f"),
                                    "%.1f".formatted(figure.warmRatio().median()),
                                    figure.warmRatio().range("%.1f")));
        }
        StringBuilder text = new StringBuilder();
        text.append(machine.heading(command, at, loadAverageAtEnd)).append('\n');
        text.append(seconds.text()).append('\n').append(ratios.text());
        missing.forEach(why -> text.append("  not measured: ").append(why).append('\n'));
        return text.toString();
    }
}
