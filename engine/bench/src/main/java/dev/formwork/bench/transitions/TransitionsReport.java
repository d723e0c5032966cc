package dev.formwork.bench.transitions;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.Report;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.report.Table;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// All figures of one run of the benchmark.
///
/// @param loadAverageAtEnd of the last minute: the benchmark itself keeps a core or two busy
/// @param perNodeGrowth microseconds per node in the largest plan over those in the smallest: 1 is
///   flat
/// @param agent absent where there was no agent to start
public record TransitionsReport(
        String benchmark,
        String command,
        Instant at,
        MachineFacts machine,
        double loadAverageAtEnd,
        List<StoreFigure> store,
        List<ChainFigure> chains,
        List<EngineFigure> engine,
        Map<String, Double> perNodeGrowth,
        Optional<AgentFigure> agent)
        implements Report {
    public TransitionsReport {
        store = List.copyOf(store);
        chains = List.copyOf(chains);
        engine = List.copyOf(engine);
        perNodeGrowth = Map.copyOf(perNodeGrowth);
    }

    /// @param database `h2` or `postgresql`
    /// @param pairsPerSecond the ceiling: what a transition writes (a row replaced, a row
    ///   appended), bare, in groups of `outstanding`
    /// @param rowsPerSecond bare rows appended, in groups of `outstanding`; with 1, raw commits
    /// @param ofCeiling transitions over pairs, round by round
    public record StoreFigure(
            String database,
            int outstanding,
            Series transitionsPerSecond,
            Series pairsPerSecond,
            Series rowsPerSecond,
            Series ofCeiling) {}

    /// Chains of empty steps at the same time, through core, loop and store.
    ///
    /// @param steps of each chain
    /// @param dbos the same chains in DBOS on the same server, where it is PostgreSQL
    public record ChainFigure(
            String database,
            int chains,
            int steps,
            Series transitionsPerSecond,
            Series stepsPerSecond,
            Optional<Compared> dbos) {}

    /// @param transitionsOverSteps our transitions over its steps, each of which it makes durable
    ///   once, round by round
    /// @param stepsOverSteps our steps, each of four transitions, over its steps
    public record Compared(
            Series stepsPerSecond, Series transitionsOverSteps, Series stepsOverSteps) {}

    /// @param startMilliseconds until the run and all its nodes are stored
    /// @param microsecondsPerNode of the whole run, its start included
    public record EngineFigure(
            String database,
            int nodes,
            int agents,
            long transitions,
            Series transitionsPerSecond,
            Series microsecondsPerNode,
            Series startMilliseconds) {}

    public record AgentFigure(
            int steps, Percentiles readyToStartedMs, Percentiles readyToSucceededMs) {}

    /// Of the steps of one run, for several runs.
    public record Percentiles(Series p50, Series p99) {}

    @Override
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(machine.heading(command, at, loadAverageAtEnd)).append('\n');
        Table stores =
                new Table(
                        "Durable step transitions straight into the store, median [least-most]",
                        "database",
                        "outstanding",
                        "transitions/s",
                        "",
                        "bare pairs/s",
                        "",
                        "of the pairs",
                        "bare rows/s");
        store.forEach(figure ->
                stores.row(
                        figure.database(),
                        Integer.toString(figure.outstanding()),
                        whole(figure.transitionsPerSecond().median()),
                        range(figure.transitionsPerSecond()),
                        whole(figure.pairsPerSecond().median()),
                        range(figure.pairsPerSecond()),
                        "%.2f".formatted(figure.ofCeiling().median()),
                        whole(figure.rowsPerSecond().median())));
        text.append(stores.text()).append('\n');
        text.append(chainTable().text()).append('\n');
        Table engines =
                new Table(
                        "Through core, loop and store, simulated agents",
                        "database",
                        "nodes",
                        "agents",
                        "transitions",
                        "transitions/s",
                        "",
                        "us/node",
                        "start ms");
        engine.forEach(figure ->
                engines.row(
                        figure.database(),
                        Integer.toString(figure.nodes()),
                        Integer.toString(figure.agents()),
                        Long.toString(figure.transitions()),
                        whole(figure.transitionsPerSecond().median()),
                        range(figure.transitionsPerSecond()),
                        whole(figure.microsecondsPerNode().median()),
                        whole(figure.startMilliseconds().median())));
        text.append(engines.text())
                .append("  cost per node, largest over smallest: %s%n%n".formatted(perNodeGrowth));
        agent.ifPresent(figure -> text.append(agents(figure).text()));
        return text.toString();
    }

    private Table chainTable() {
        Table table =
                new Table(
                        "Chains of empty steps through the whole engine, and in DBOS",
                        "database",
                        "chains",
                        "transitions/s",
                        "",
                        "steps/s",
                        "DBOS steps/s",
                        "",
                        "transitions over",
                        "steps over");
        for (ChainFigure figure : chains) {
            table.row(
                    figure.database(),
                    "%d x %d".formatted(figure.chains(), figure.steps()),
                    whole(figure.transitionsPerSecond().median()),
                    range(figure.transitionsPerSecond()),
                    whole(figure.stepsPerSecond().median()),
                    figure.dbos().map(it -> whole(it.stepsPerSecond().median())).orElse(""),
                    figure.dbos().map(it -> range(it.stepsPerSecond())).orElse(""),
                    figure.dbos().map(it -> times(it.transitionsOverSteps())).orElse(""),
                    figure.dbos().map(it -> times(it.stepsOverSteps())).orElse(""));
        }
        return table;
    }

    private static String times(Series series) {
        return "%.1f".formatted(series.median());
    }

    private static Table agents(AgentFigure figure) {
        Table agents =
                new Table(
                        "A chain of %d shell steps on one agent over HTTP, milliseconds"
                                .formatted(figure.steps()),
                        "",
                        "p50",
                        "",
                        "p99",
                        "");
        row(agents, "ready to started", figure.readyToStartedMs());
        row(agents, "ready to succeeded", figure.readyToSucceededMs());
        return agents;
    }

    private static void row(Table table, String name, Percentiles figure) {
        table.row(
                name,
                "%.1f".formatted(figure.p50().median()),
                range(figure.p50()),
                "%.1f".formatted(figure.p99().median()),
                range(figure.p99()));
    }

    private static String range(Series series) {
        return series.range("%,.0f");
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
