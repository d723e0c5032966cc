package dev.formwork.bench.engines;

import dev.formwork.bench.agents.AgentsProcess;
import dev.formwork.bench.agents.AgentsSizes;
import dev.formwork.bench.agents.SeededEngine;
import dev.formwork.bench.database.Place;
import dev.formwork.bench.engines.EnginesReport.Loss;
import dev.formwork.bench.engines.EnginesReport.Throughput;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.served.EngineProcess;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.store.PostgresSettings;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The benchmark: three engines against one, and what it takes to go on without one of three.
public final class Engines {
    private static final int SEVERAL = 3;

    private final EnginesSizes sizes;
    private final Path agent;
    private final Consumer<String> progress;
    private final Clock clock = Clock.systemUTC();
    private int rounds;

    /// @param agent the folder with the jars of the engines' own agents
    /// @param progress told what is being measured
    public Engines(EnginesSizes sizes, Path agent, Consumer<String> progress) {
        this.sizes = sizes;
        this.agent = agent;
        this.progress = progress;
    }

    /// Needs a PostgreSQL.
    ///
    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public EnginesReport measure(Path parent, String command) throws IOException {
        try (ScratchDirectory scratch = new ScratchDirectory(parent);
                PostgresServer server = PostgresServer.durable(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            List<List<Double>> rates = throughput(scratch.path(), server);
            List<Loss> losses = losses(scratch.path(), server);
            int steps = sizes.agents() * sizes.steps();
            return new EnginesReport(
                    "engines",
                    command,
                    clock.instant(),
                    machine,
                    MachineFacts.loadNow(),
                    sizes.clusters(),
                    sizes.agents(),
                    List.of(
                            new Throughput(1, steps, Series.of(rates.getFirst(), 1)),
                            new Throughput(SEVERAL, steps, Series.of(rates.getLast(), 1))),
                    Series.ratios(rates.getLast(), rates.getFirst()),
                    losses);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Those of one and those of several, in turn.
    private List<List<Double>> throughput(Path directory, PostgresServer server)
            throws IOException, InterruptedException {
        SeededEngine one = seeded(directory.resolve("one"), server);
        SeededEngine several = seeded(directory.resolve("several"), server);
        List<List<Double>> rates = List.of(new ArrayList<>(), new ArrayList<>());
        try (EngineSet first = start(one, server, 1);
                EngineSet second = start(several, server, SEVERAL)) {
            for (int round = 0; round <= sizes.rounds(); round++) {
                progress.accept("engines: round " + round + " of one and of " + SEVERAL);
                double ofOne = rate(first, one);
                double ofSeveral = rate(second, several);
                if (round > 0) {
                    rates.getFirst().add(ofOne);
                    rates.getLast().add(ofSeveral);
                }
            }
        }
        return rates;
    }

    private SeededEngine seeded(Path directory, PostgresServer server) throws IOException {
        return SeededEngine.onPostgres(
                directory,
                server,
                new SeededEngine.Shape(sizes.agents(), sizes.steps(), "idempotent"));
    }

    private EngineSet start(SeededEngine seeded, PostgresServer server, int count)
            throws IOException, InterruptedException {
        PostgresSettings way =
                new Place.OnPostgres(server).settings(seeded.directory().getFileName().toString());
        return EngineSet.start(seeded, agent, Collections.nCopies(count, way));
    }

    private double rate(EngineSet engines, SeededEngine seeded)
            throws IOException, InterruptedException {
        rounds++;
        try (AgentsProcess _ = agents(engines, seeded, AgentsSizes.Jobs.EMPTY)) {
            List<String> runs = engines.approve(sizes.clusters(), rounds);
            long began = System.nanoTime();
            runs = engines.start(runs);
            for (String run : runs) {
                ended(engines.get(0), run);
            }
            return sizes.agents() * sizes.steps() / ((System.nanoTime() - began) / 1e9);
        }
    }

    private static AgentsProcess agents(
            EngineSet engines, SeededEngine seeded, AgentsSizes.Jobs jobs)
            throws IOException, InterruptedException {
        return AgentsProcess.start(
                engines.all(), seeded.directory(), seeded.credentials(), jobs, Optional.empty());
    }

    /// @return the events of the run
    private static List<JsonNode> ended(EngineProcess engine, String run)
            throws IOException, InterruptedException {
        List<JsonNode> events = engine.eventsOf(run);
        String state = events.getLast().path("data").path("state").asString();
        if (!state.equals("succeeded")) {
            throw new IOException("run " + run + " " + state + ": " + events.getLast());
        }
        return events;
    }

    private List<Loss> losses(Path directory, PostgresServer server)
            throws IOException, InterruptedException {
        SeededEngine seeded = seeded(directory.resolve("losses"), server);
        List<Double> killed = new ArrayList<>();
        List<Double> stopped = new ArrayList<>();
        try (EngineSet engines = start(seeded, server, SEVERAL)) {
            for (int i = 0; i < sizes.losses(); i++) {
                progress.accept("engines: loss " + (i + 1) + " of " + sizes.losses());
                // The first answers what is asked.
                int lost = 1 + i % (SEVERAL - 1);
                killed.add(loss(engines, seeded, lost, EngineProcess::kill));
                stopped.add(loss(engines, seeded, lost, engine -> engine.signal("STOP")));
            }
        }
        return List.of(
                new Loss("kill -9", Series.of(killed, 2)),
                new Loss("stopped", Series.of(stopped, 2)));
    }

    private interface Losing {
        void lose(EngineProcess engine) throws IOException, InterruptedException;
    }

    /// @return seconds until every run has gone on
    private double loss(EngineSet engines, SeededEngine seeded, int lost, Losing losing)
            throws IOException, InterruptedException {
        rounds++;
        Instant at;
        List<String> runs;
        try (AgentsProcess _ = agents(engines, seeded, sizes.job())) {
            runs = engines.start(engines.approve(sizes.clusters(), rounds));
            engines.awaitStarted(runs);
            at = clock.instant();
            losing.lose(engines.get(lost));
            List<Double> all = new ArrayList<>();
            for (String run : runs) {
                wentOn(ended(engines.get(0), run), at).ifPresent(all::add);
            }
            if (all.size() * 2 < runs.size()) {
                throw new IOException("most runs had ended before an engine was lost");
            }
            engines.restart(lost);
            return Collections.max(all);
        }
    }

    /// @return seconds until the next event of a run; empty where it had ended before
    private static Optional<Double> wentOn(List<JsonNode> events, Instant lost) {
        return events.stream()
                .map(event -> Instant.parse(event.path("at").asString()))
                .filter(lost::isBefore)
                .findFirst()
                .map(next -> Duration.between(lost, next).toNanos() / 1e9);
    }
}
