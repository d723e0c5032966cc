package dev.formwork.bench.plans;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Table;

import java.time.Instant;
import java.util.List;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps a core or two busy
public record PlansReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        List<Figure> plans)
        implements Report {
    public PlansReport {
        plans = List.copyOf(plans);
    }

    /// One plan.
    ///
    /// @param kind `first`: nothing is recorded; `again`: all that can be known beforehand is
    /// @param heapMegabytes that the plan keeps alive
    public record Figure(
            String kind,
            int machines,
            int nodes,
            double seconds,
            double microsecondsPerNode,
            double heapMegabytes) {
        static Figure of(String kind, int machines, int nodes, double seconds, long bytes) {
            return new Figure(
                    kind,
                    machines,
                    nodes,
                    seconds,
                    seconds * 1e6 / nodes,
                    bytes / (double) (1 << 20));
        }
    }

    @Override
    public String text() {
        Table table =
                new Table(
                        "Plans by the real planner, heap of at most "
                                + machine.heapMegabytes()
                                + " MB",
                        "plan",
                        "machines",
                        "nodes",
                        "seconds",
                        "us/node",
                        "heap MB");
        for (Figure plan : plans) {
            table.row(
                    plan.kind(),
                    Integer.toString(plan.machines()),
                    Integer.toString(plan.nodes()),
                    "%.2f".formatted(plan.seconds()),
                    "%.0f".formatted(plan.microsecondsPerNode()),
                    "%.1f".formatted(plan.heapMegabytes()));
        }
        return machine.heading(command, at, loadAverageAtEnd) + "\n" + table.text();
    }
}
