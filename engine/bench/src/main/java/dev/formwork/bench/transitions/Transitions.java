package dev.formwork.bench.transitions;

import dev.formwork.bench.database.Place;
import dev.formwork.bench.database.RowRate;
import dev.formwork.bench.engine.LoopRate;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.served.StepTimes;
import dev.formwork.bench.transitions.TransitionsReport.AgentFigure;
import dev.formwork.bench.transitions.TransitionsReport.ChainFigure;
import dev.formwork.bench.transitions.TransitionsReport.EngineFigure;
import dev.formwork.bench.transitions.TransitionsReport.Percentiles;
import dev.formwork.bench.transitions.TransitionsReport.StoreFigure;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// The benchmark. Everything that is compared takes turns, round by round, so that whatever else
/// the machine does falls on all of it.
public final class Transitions {
    private final Sizes sizes;
    private final Optional<Path> agent;
    private final boolean postgres;
    private final Consumer<String> progress;
    private final Clock clock = Clock.systemUTC();

    /// @param agent the folder with the agent's jars; where there is none, no agent is measured
    /// @param postgres whether PostgreSQL is measured beside H2
    /// @param progress told what is being measured
    public Transitions(
            Sizes sizes, Optional<Path> agent, boolean postgres, Consumer<String> progress) {
        this.sizes = sizes;
        this.agent = agent;
        this.postgres = postgres;
        this.progress = progress;
    }

    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public TransitionsReport measure(Path parent, String command) throws IOException {
        Optional<PostgresServer> server =
                postgres ? Optional.of(PostgresServer.durable(parent)) : Optional.empty();
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            Path directory = scratch.path();
            MachineFacts machine = MachineFacts.of(directory);
            SecretSealer sealer = SecretSealer.fromFile(directory.resolve("bench.key"));
            List<StoreFigure> store = new ArrayList<>();
            List<EngineFigure> engine = new ArrayList<>();
            List<ChainFigure> chains = new ArrayList<>();
            Map<String, Double> growth = new LinkedHashMap<>();
            for (Place place : Place.all(directory, server)) {
                store.addAll(store(place, sealer));
                chains.addAll(chains(place, sealer));
                List<EngineFigure> figures = engine(place, sealer);
                engine.addAll(figures);
                double ratio =
                        figures.getLast().microsecondsPerNode().median()
                                / figures.getFirst().microsecondsPerNode().median();
                growth.put(place.name(), Math.round(ratio * 100) / 100.0);
            }
            Optional<AgentFigure> latency = agent(directory);
            return new TransitionsReport(
                    "transitions",
                    command,
                    clock.instant(),
                    machine,
                    MachineFacts.loadNow(),
                    store,
                    chains,
                    engine,
                    growth,
                    latency);
        } catch (SQLException e) {
            throw new IOException("the bare loop of rows failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            server.ifPresent(PostgresServer::close);
        }
    }

    private List<StoreFigure> store(Place place, SecretSealer sealer) throws SQLException {
        Map<Integer, List<Double>> transitions = new LinkedHashMap<>();
        Map<Integer, List<Double>> pairs = new LinkedHashMap<>();
        Map<Integer, List<Double>> rows = new LinkedHashMap<>();
        try (Store store = place.open("store", sealer);
                RowRate ceiling = place.rows()) {
            StoreRate rate = new StoreRate(store, clock);
            for (int round = 0; round < sizes.warmUps() + sizes.rounds(); round++) {
                announce("store on " + place.name(), round, sizes.rounds());
                for (int outstanding : sizes.outstanding()) {
                    double bareRows = ceiling.appended(outstanding, sizes.round());
                    double barePairs = ceiling.pairs(outstanding, sizes.round());
                    double reached = rate.round(outstanding, sizes.round());
                    if (round >= sizes.warmUps()) {
                        add(rows, outstanding, bareRows);
                        add(pairs, outstanding, barePairs);
                        add(transitions, outstanding, reached);
                    }
                }
            }
        }
        return sizes.outstanding().stream()
                .map(outstanding ->
                        figure(
                                place,
                                outstanding,
                                of(transitions, outstanding),
                                of(pairs, outstanding),
                                of(rows, outstanding)))
                .toList();
    }

    private static StoreFigure figure(
            Place place,
            int outstanding,
            List<Double> transitions,
            List<Double> pairs,
            List<Double> rows) {
        return new StoreFigure(
                place.name(),
                outstanding,
                Series.of(transitions, 0),
                Series.of(pairs, 0),
                Series.of(rows, 0),
                Series.ratios(transitions, pairs));
    }

    private List<ChainFigure> chains(Place place, SecretSealer sealer) {
        List<ChainFigure> figures = new ArrayList<>();
        for (int chains : sizes.chains()) {
            try (ChainRates rates = new ChainRates(place, chains, sizes.links(), sealer, clock)) {
                figures.add(
                        rates.measure(
                                sizes.warmUps(),
                                sizes.rounds(),
                                round ->
                                        announce(
                                                chains + " chains on " + place.name(),
                                                round,
                                                sizes.rounds())));
            }
        }
        return figures;
    }

    private List<EngineFigure> engine(Place place, SecretSealer sealer) {
        Map<Integer, List<LoopRate.Timing>> timings = new LinkedHashMap<>();
        try (Store store = place.open("engine_store", sealer);
                LoopRate rate = new LoopRate(store, sealer, clock, sizes.agents())) {
            for (int round = 0; round < sizes.warmUps() + sizes.rounds(); round++) {
                announce("engine on " + place.name(), round, sizes.rounds());
                for (int nodes : sizes.nodes()) {
                    LoopRate.Timing timing = rate.round(nodes);
                    if (round >= sizes.warmUps()) {
                        add(timings, nodes, timing);
                    }
                }
            }
        }
        return sizes.nodes().stream()
                .map(nodes -> figure(place, nodes, of(timings, nodes)))
                .toList();
    }

    private EngineFigure figure(Place place, int nodes, List<LoopRate.Timing> timings) {
        return new EngineFigure(
                place.name(),
                nodes,
                sizes.agents(),
                timings.getLast().transitions(),
                series(timings, LoopRate.Timing::transitionsPerSecond, 0),
                series(
                        timings,
                        timing ->
                                (timing.start().toNanos() + timing.work().toNanos()) / 1e3 / nodes,
                        1),
                series(timings, timing -> timing.start().toNanos() / 1e6, 1));
    }

    private Optional<AgentFigure> agent(Path directory) throws IOException, InterruptedException {
        if (agent.isEmpty()) {
            return Optional.empty();
        }
        List<List<StepTimes>> rounds = new ArrayList<>();
        try (AgentLatency latency =
                new AgentLatency(directory.resolve("agent"), sizes.chain(), agent.get())) {
            latency.round();
            for (int round = 0; round < sizes.repeats(); round++) {
                announce("agent", round + sizes.warmUps(), sizes.repeats());
                List<StepTimes> steps = latency.round();
                if (steps.size() != sizes.chain()) {
                    throw new IOException(
                            steps.size() + " of " + sizes.chain() + " steps left their times");
                }
                rounds.add(steps);
            }
        }
        return Optional.of(
                new AgentFigure(
                        sizes.chain(),
                        percentiles(rounds, StepTimes::started),
                        percentiles(rounds, StepTimes::succeeded)));
    }

    private static Percentiles percentiles(
            List<List<StepTimes>> rounds, ToDoubleFunction<StepTimes> figure) {
        return new Percentiles(
                series(rounds, steps -> percentile(steps, figure, 50), 2),
                series(rounds, steps -> percentile(steps, figure, 99), 2));
    }

    private static double percentile(
            List<StepTimes> steps, ToDoubleFunction<StepTimes> figure, int percent) {
        return Series.percentile(steps.stream().mapToDouble(figure).boxed().toList(), percent);
    }

    private static <T> Series series(List<T> rounds, ToDoubleFunction<T> figure, int digits) {
        return Series.of(rounds.stream().mapToDouble(figure).boxed().toList(), digits);
    }

    private static <T> void add(Map<Integer, List<T>> all, int size, T figure) {
        all.computeIfAbsent(size, _ -> new ArrayList<>()).add(figure);
    }

    private static <T> List<T> of(Map<Integer, List<T>> all, int size) {
        return all.getOrDefault(size, List.of());
    }

    private void announce(String what, int round, int rounds) {
        int counted = round - sizes.warmUps() + 1;
        progress.accept(
                what + (counted > 0 ? ": round " + counted + " of " + rounds : ": warming up"));
    }
}
