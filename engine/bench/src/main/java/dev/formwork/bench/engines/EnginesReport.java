package dev.formwork.bench.engines;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.report.Table;

import java.time.Instant;
import java.util.List;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps all cores busy
/// @param ratio steps per second of all engines over those of one, round by round
public record EnginesReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        int clusters,
        int agents,
        List<Throughput> throughput,
        Series ratio,
        List<Loss> losses)
        implements Report {
    public EnginesReport {
        throughput = List.copyOf(throughput);
        losses = List.copyOf(losses);
    }

    /// @param engines how many shared the work
    public record Throughput(int engines, int steps, Series stepsPerSecond) {}

    /// @param how the engine was lost
    /// @param seconds from then until the last of all runs had gone on
    public record Loss(String how, Series seconds) {}

    @Override
    public String text() {
        Table rates =
                new Table(
                        "Runs of %d clusters at the same time, %d agents over HTTP, jobs that take no time"
                                .formatted(clusters, agents),
                        "engines",
                        "steps",
                        "steps/s",
                        "least",
                        "most");
        for (Throughput each : throughput) {
            rates.row(
                    Integer.toString(each.engines()),
                    Integer.toString(each.steps()),
                    "%.0f".formatted(each.stepsPerSecond().median()),
                    "%.0f".formatted(each.stepsPerSecond().least()),
                    "%.0f".formatted(each.stepsPerSecond().most()));
        }
        Table takeovers =
                new Table(
                        "One of three engines is lost: seconds until all runs have gone on",
                        "how",
                        "times",
                        "median s",
                        "least",
                        "most");
        for (Loss each : losses) {
            takeovers.row(
                    each.how(),
                    Integer.toString(each.seconds().rounds().size()),
                    "%.2f".formatted(each.seconds().median()),
                    "%.2f".formatted(each.seconds().least()),
                    "%.2f".formatted(each.seconds().most()));
        }
        return machine.heading(command, at, loadAverageAtEnd)
                + "\n"
                + rates.text()
                + "  several over one: %.2f%n".formatted(ratio.median())
                + "\n"
                + takeovers.text();
    }
}
