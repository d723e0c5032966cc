package dev.formwork.bench.fleet;

import dev.formwork.bench.agents.AgentsProcess;
import dev.formwork.bench.agents.AgentsSizes;
import dev.formwork.bench.agents.SeededEngine;
import dev.formwork.bench.database.Place;
import dev.formwork.bench.engine.LoopRate;
import dev.formwork.bench.fleet.FleetReport.Figure;
import dev.formwork.bench.fleet.FleetReport.OverHttp;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.served.EngineProcess;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The benchmark. Each size has a store of its own; sizes are measured one after the other, since
/// what is looked at is memory as well. Beside them, agents over HTTP.
public final class Fleet {
    private final FleetSizes sizes;
    private final boolean postgres;
    private final Optional<Path> agent;
    private final Consumer<String> progress;
    private final Clock clock = Clock.systemUTC();

    /// @param postgres whether PostgreSQL is measured beside H2
    /// @param agent the folder with the jars of the engine's own agent; without it nothing is
    ///   measured over HTTP
    /// @param progress told what is being measured
    public Fleet(
            FleetSizes sizes, boolean postgres, Optional<Path> agent, Consumer<String> progress) {
        this.sizes = sizes;
        this.postgres = postgres;
        this.agent = agent;
        this.progress = progress;
    }

    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public FleetReport measure(Path parent, String command) throws IOException {
        Optional<PostgresServer> server =
                postgres ? Optional.of(PostgresServer.durable(parent)) : Optional.empty();
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            SecretSealer sealer = SecretSealer.fromFile(scratch.path().resolve("key"));
            List<Figure> figures = new ArrayList<>();
            for (Place place : Place.all(scratch.path(), server)) {
                progress.accept("fleet on " + place.name() + ": warming up");
                for (int i = 0; i < sizes.warmUps(); i++) {
                    run(place, "warm_up_" + i, sealer, sizes.machines().getFirst());
                }
                for (int machines : sizes.machines()) {
                    progress.accept("fleet on " + place.name() + ": " + machines + " machines");
                    figures.add(run(place, "store_" + machines, sealer, machines));
                }
            }
            List<OverHttp> overHttp = new ArrayList<>();
            if (agent.isPresent()) {
                Path jars = agent.get();
                overHttp.add(overHttp("h2", onH2(scratch.path()), jars));
                if (server.isPresent()) {
                    overHttp.add(
                            overHttp("postgresql", onPostgres(scratch.path(), server.get()), jars));
                }
            }
            return new FleetReport(
                    "fleet",
                    command,
                    clock.instant(),
                    machine,
                    MachineFacts.loadNow(),
                    sizes.steps(),
                    figures,
                    overHttp);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            server.ifPresent(PostgresServer::close);
        }
    }

    private Figure run(Place place, String name, SecretSealer sealer, int machines) {
        int nodes = machines * sizes.steps();
        try (Store store = place.open(name, sealer);
                LoopRate rate = new LoopRate(store, sealer, clock, machines)) {
            HeapWatch heap = new HeapWatch();
            LoopRate.Timing timing = rate.round(nodes);
            return Figure.of(place.name(), machines, nodes, timing, heap.usedAfterCollection());
        }
    }

    private SeededEngine onH2(Path directory) throws IOException {
        return SeededEngine.make(directory.resolve("http_h2"), sizes.agents(), sizes.steps());
    }

    private SeededEngine onPostgres(Path directory, PostgresServer server) throws IOException {
        return SeededEngine.onPostgres(
                directory.resolve("http_postgres"),
                server,
                new SeededEngine.Shape(sizes.agents(), sizes.steps(), "idempotent"));
    }

    /// The second run of the engine: the first warms up.
    private OverHttp overHttp(String database, SeededEngine seeded, Path jars)
            throws IOException, InterruptedException {
        try (EngineProcess engine =
                        EngineProcess.start(
                                seeded.directory(),
                                seeded.pack(),
                                jars,
                                seeded.database(),
                                EngineProcess.SMALL_HEAP);
                AgentsProcess _ =
                        AgentsProcess.start(
                                engine,
                                seeded.directory(),
                                seeded.credentials(),
                                AgentsSizes.Jobs.EMPTY)) {
            double seconds = 0;
            for (int round = 0; round < 2; round++) {
                progress.accept(
                        "fleet on %s: %d agents over HTTP, run %d"
                                .formatted(database, sizes.agents(), round));
                String digest = engine.approved(seeded.cluster(round));
                long began = System.nanoTime();
                engine.awaitEvent(engine.run(digest), "\"run.ended\"");
                seconds = (System.nanoTime() - began) / 1e9;
            }
            return OverHttp.of(database, sizes.agents(), sizes.agents() * sizes.steps(), seconds);
        }
    }
}
