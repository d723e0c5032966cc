package dev.formwork.bench.lifecycle;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.report.Table;

import java.time.Instant;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps the cores busy
/// @param machines in each round
/// @param planSeconds both plans, with their approval
/// @param makeSeconds from the start of a run until all machines are ready
/// @param releaseSeconds from the start of a run until all are gone
/// @param seconds all of it
public record LifecycleReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        int machines,
        Series planSeconds,
        Series makeSeconds,
        Series releaseSeconds,
        Series seconds)
        implements Report {
    private static final String TENTHS = "%.1f";

    @Override
    public String text() {
        Table table =
                new Table(
                        "%,d machines of the in-memory provider, seconds, median [least-most] of %d"
                                .formatted(machines, seconds.rounds().size()),
                        "what",
                        "seconds",
                        "");
        row(table, "planned and approved, both times", planSeconds);
        row(table, "made, agents registered", makeSeconds);
        row(table, "released", releaseSeconds);
        row(table, "all", seconds);
        return machine.heading(command, at, loadAverageAtEnd) + "\n" + table.text();
    }

    private static void row(Table table, String what, Series figure) {
        table.row(what, TENTHS.formatted(figure.median()), figure.range(TENTHS));
    }
}
