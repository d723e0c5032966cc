package dev.formwork.bench.fleet;

import dev.formwork.bench.engine.LoopRate;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Table;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps a core or two busy
/// @param steps that each machine takes, one after the other
public record FleetReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        int steps,
        List<Figure> runs,
        List<OverHttp> overHttp)
        implements Report {
    public FleetReport {
        runs = List.copyOf(runs);
        overHttp = List.copyOf(overHttp);
    }

    /// @param startSeconds until the run and all its nodes are stored
    /// @param seconds of the whole run, its start included
    /// @param heapMegabytes in use after the last collections
    public record Figure(
            String database,
            int machines,
            int nodes,
            double startSeconds,
            double seconds,
            double microsecondsPerNode,
            long transitions,
            double transitionsPerSecond,
            long heapMegabytes) {
        static Figure of(
                String database, int machines, int nodes, LoopRate.Timing timing, long heap) {
            double start = timing.start().toNanos() / 1e9;
            double all = start + timing.work().toNanos() / 1e9;
            return new Figure(
                    database,
                    machines,
                    nodes,
                    rounded(start, 3),
                    rounded(all, 3),
                    rounded(all * 1e6 / nodes, 1),
                    timing.transitions(),
                    rounded(timing.transitionsPerSecond(), 0),
                    heap);
        }

        static double rounded(double value, int digits) {
            double scale = Math.pow(10, digits);
            return Math.round(value * scale) / scale;
        }
    }

    /// The same run with an engine in a process of its own, and agents in another.
    ///
    /// @param seconds from the request to start it until it has ended
    public record OverHttp(
            String database, int agents, int nodes, double seconds, double microsecondsPerNode) {
        static OverHttp of(String database, int agents, int nodes, double seconds) {
            return new OverHttp(
                    database,
                    agents,
                    nodes,
                    Figure.rounded(seconds, 3),
                    Figure.rounded(seconds * 1e6 / nodes, 1));
        }
    }

    /// Microseconds per node of the largest run over those of the smallest, on each database: 1 is
    /// flat.
    public Map<String, Double> growth() {
        Map<String, List<Figure>> each =
                runs.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Figure::database, TreeMap::new, Collectors.toList()));
        Map<String, Double> growth = new TreeMap<>();
        each.forEach((database, figures) ->
                growth.put(
                        database,
                        Figure.rounded(
                                figures.getLast().microsecondsPerNode()
                                        / figures.getFirst().microsecondsPerNode(),
                                2)));
        return growth;
    }

    @Override
    public String text() {
        Table table =
                new Table(
                        "One run on one engine, simulated agents in the process, heap of at most "
                                + machine.heapMegabytes()
                                + " MB",
                        "database",
                        "machines",
                        "nodes",
                        "seconds",
                        "of which start",
                        "us/node",
                        "transitions/s",
                        "heap MB");
        for (Figure run : runs) {
            table.row(
                    run.database(),
                    Integer.toString(run.machines()),
                    Integer.toString(run.nodes()),
                    "%.2f".formatted(run.seconds()),
                    "%.2f".formatted(run.startSeconds()),
                    "%.0f".formatted(run.microsecondsPerNode()),
                    String.format(Locale.ROOT, "%,.0f", run.transitionsPerSecond()),
                    Long.toString(run.heapMegabytes()));
        }
        Table served =
                new Table(
                        "The same over HTTP on loopback: engine, agents and client in processes of"
                                + " their own",
                        "database",
                        "agents",
                        "nodes",
                        "seconds",
                        "us/node");
        for (OverHttp each : overHttp) {
            served.row(
                    each.database(),
                    Integer.toString(each.agents()),
                    Integer.toString(each.nodes()),
                    "%.2f".formatted(each.seconds()),
                    "%.0f".formatted(each.microsecondsPerNode()));
        }
        return machine.heading(command, at, loadAverageAtEnd)
                + "\n"
                + table.text()
                + "  cost per node, largest over smallest: %s%n".formatted(growth())
                + (overHttp.isEmpty() ? "" : "\n" + served.text());
    }
}
