package dev.formwork.bench.fleet;

import dev.formwork.bench.database.Place;
import dev.formwork.bench.engine.LoopRate;
import dev.formwork.bench.fleet.FleetReport.Figure;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
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
/// what is looked at is memory as well.
public final class Fleet {
    private final FleetSizes sizes;
    private final boolean postgres;
    private final Consumer<String> progress;
    private final Clock clock = Clock.systemUTC();

    /// @param postgres whether PostgreSQL is measured beside H2
    /// @param progress told what is being measured
    public Fleet(FleetSizes sizes, boolean postgres, Consumer<String> progress) {
        this.sizes = sizes;
        this.postgres = postgres;
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
            return new FleetReport(
                    "fleet",
                    command,
                    clock.instant(),
                    machine,
                    MachineFacts.loadNow(),
                    sizes.steps(),
                    figures);
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
}
