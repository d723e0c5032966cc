package dev.formwork.bench.agents;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.report.Table;
import dev.formwork.bench.served.StepTimes;

import java.time.Instant;
import java.util.List;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps a core or two busy
/// @param idle absent machines against that many that wait
public record AgentsReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        List<Work> work,
        Idle idle)
        implements Report {
    public AgentsReport {
        work = List.copyOf(work);
    }

    /// One run of a fleet.
    ///
    /// @param jobs how long each takes
    /// @param seconds from the request to start it until it has ended
    /// @param planSeconds until it was planned and approved
    /// @param burst milliseconds from ready to started of the first step, which all machines are
    ///   ready for at the same instant
    /// @param second the same of the second step: some of them come while first ones still wait
    /// @param steady the same of all other steps
    public record Work(
            String jobs,
            int agents,
            int steps,
            double planSeconds,
            double seconds,
            double stepsPerSecond,
            Percentiles burst,
            Percentiles second,
            Percentiles steady) {}

    public record Percentiles(double p50, double p99) {
        static Percentiles of(List<StepTimes> times) {
            List<Double> started = times.stream().map(StepTimes::started).toList();
            return new Percentiles(Series.percentile(started, 50), Series.percentile(started, 99));
        }

        String text() {
            return "%.1f / %.1f".formatted(p50, p99);
        }
    }

    /// Memory of the engine's process after a full collection.
    ///
    /// @param emptyHeapMegabytes with no machine, and so on
    /// @param heapKilobytesEach what an agent with its machine takes
    public record Idle(
            int agents,
            double emptyHeapMegabytes,
            double emptyResidentMegabytes,
            double heapMegabytes,
            double residentMegabytes,
            double heapKilobytesEach,
            double residentKilobytesEach) {}

    @Override
    public String text() {
        Table runs =
                new Table(
                        "A run of steps on each machine, over HTTP on loopback; ready to started in"
                                + " milliseconds, p50 / p99",
                        "jobs",
                        "agents",
                        "steps",
                        "plan s",
                        "run s",
                        "steps/s",
                        "first steps",
                        "second steps",
                        "all others");
        for (Work each : work) {
            runs.row(
                    each.jobs(),
                    Integer.toString(each.agents()),
                    Integer.toString(each.steps()),
                    "%.1f".formatted(each.planSeconds()),
                    "%.1f".formatted(each.seconds()),
                    "%.0f".formatted(each.stepsPerSecond()),
                    each.burst().text(),
                    each.second().text(),
                    each.steady().text());
        }
        Table memory =
                new Table(
                        "Agents that wait, memory of the engine's process after a full collection",
                        "agents",
                        "heap MB",
                        "without",
                        "KB each",
                        "resident MB",
                        "without",
                        "KB each");
        memory.row(
                Integer.toString(idle.agents()),
                "%.1f".formatted(idle.heapMegabytes()),
                "%.1f".formatted(idle.emptyHeapMegabytes()),
                "%.1f".formatted(idle.heapKilobytesEach()),
                "%.1f".formatted(idle.residentMegabytes()),
                "%.1f".formatted(idle.emptyResidentMegabytes()),
                "%.1f".formatted(idle.residentKilobytesEach()));
        return machine.heading(command, at, loadAverageAtEnd)
                + "\n"
                + runs.text()
                + "\n"
                + memory.text();
    }
}
