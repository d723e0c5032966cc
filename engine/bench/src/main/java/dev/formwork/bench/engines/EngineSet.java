package dev.formwork.bench.engines;

import dev.formwork.bench.agents.SeededEngine;
import dev.formwork.bench.served.EngineProcess;
import dev.formwork.store.PostgresSettings;
import dev.formwork.workflow.shard.Shard;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Engines in processes of their own on one database, all at work. Not thread-safe.
public final class EngineSet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final SeededEngine seeded;
    private final Path agent;
    private final List<PostgresSettings> ways;
    private final List<Path> directories = new ArrayList<>();
    private final List<EngineProcess> engines = new ArrayList<>();

    private EngineSet(SeededEngine seeded, Path agent, List<PostgresSettings> ways) {
        this.seeded = seeded;
        this.agent = agent;
        this.ways = List.copyOf(ways);
    }

    /// Returns when their shares are even.
    ///
    /// @param agent the folder with the jars of the engines' own agents
    /// @param ways how each of them reaches the database
    public static EngineSet start(SeededEngine seeded, Path agent, List<PostgresSettings> ways)
            throws IOException, InterruptedException {
        EngineSet set = new EngineSet(seeded, agent, ways);
        try {
            for (int i = 0; i < ways.size(); i++) {
                set.directories.add(
                        i == 0
                                ? seeded.directory()
                                : seeded.beside("" + i, set.engines.getFirst().token()));
                set.engines.add(set.started(i));
            }
            set.awaitEven(set.engines);
            return set;
        } catch (IOException | InterruptedException | RuntimeException e) {
            set.close();
            throw e;
        }
    }

    private EngineProcess started(int index) throws IOException {
        return EngineProcess.start(
                directories.get(index),
                seeded.pack(),
                agent,
                Optional.of(ways.get(index)),
                EngineProcess.SMALL_HEAP);
    }

    public List<EngineProcess> all() {
        return List.copyOf(engines);
    }

    public EngineProcess get(int index) {
        return engines.get(index);
    }

    /// Ends one, however it is, starts it again on the port that it had, and returns when the
    /// shares are even.
    public void restart(int index) throws IOException, InterruptedException {
        engines.get(index).kill();
        engines.set(index, started(index));
        awaitEven(engines);
    }

    /// Waits until each of these has its share, and nobody else has one.
    public void awaitEven(List<EngineProcess> living) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!areEven(living)) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "the shares do not come to be even: "
                                + living.getFirst().get("/api/v1/engine"));
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private static boolean areEven(List<EngineProcess> living)
            throws IOException, InterruptedException {
        int least = Shard.COUNT / living.size();
        for (EngineProcess engine : living) {
            JsonNode shares = engine.get("/api/v1/engine").path("engines");
            if (living.size() > 1 && shares.size() != living.size()) {
                return false;
            }
            for (JsonNode share : shares) {
                if (share.path("shards").asInt() < least) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Plans a run of each cluster, at one engine after the other.
    ///
    /// @return digests of the plans, which are approved
    public List<String> approve(int clusters, int round) throws IOException, InterruptedException {
        List<String> plans = new ArrayList<>();
        for (String cluster : seeded.clusters(clusters, round)) {
            plans.add(engines.get(plans.size() % engines.size()).approved(cluster));
        }
        return plans;
    }

    /// @return the runs
    public List<String> start(List<String> plans) throws IOException, InterruptedException {
        List<String> runs = new ArrayList<>();
        for (String plan : plans) {
            runs.add(engines.get(runs.size() % engines.size()).run(plan));
        }
        return runs;
    }

    /// Waits until a job of each run has started.
    public void awaitStarted(List<String> runs) throws IOException, InterruptedException {
        for (String run : runs) {
            engines.getFirst().awaitEvent(run, "\"started\"");
        }
    }

    @Override
    public void close() {
        engines.forEach(EngineProcess::close);
    }
}
