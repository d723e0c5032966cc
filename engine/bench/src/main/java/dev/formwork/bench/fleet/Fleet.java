package dev.formwork.bench.fleet;

import dev.formwork.bench.engine.LoopRate;
import dev.formwork.bench.fleet.FleetReport.Figure;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.store.H2Store;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The benchmark. Each size has a store of its own; sizes are measured one after the other, since
/// what is looked at is memory as well.
public final class Fleet {
    private final FleetSizes sizes;
    private final Consumer<String> progress;
    private final Clock clock = Clock.systemUTC();

    /// @param progress told what is being measured
    public Fleet(FleetSizes sizes, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
    }

    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public FleetReport measure(Path parent, String command) throws IOException {
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            SecretSealer sealer = SecretSealer.fromFile(scratch.path().resolve("key"));
            progress.accept("fleet: warming up");
            for (int i = 0; i < sizes.warmUps(); i++) {
                run(scratch.path().resolve("warm-up-" + i), sealer, sizes.machines().getFirst());
            }
            List<Figure> figures = new ArrayList<>();
            for (int machines : sizes.machines()) {
                progress.accept("fleet: " + machines + " machines, " + sizes.steps() + " steps");
                figures.add(run(scratch.path().resolve("store-" + machines), sealer, machines));
            }
            return new FleetReport(
                    "fleet",
                    command,
                    clock.instant(),
                    machine,
                    MachineFacts.loadNow(),
                    sizes.steps(),
                    figures);
        }
    }

    private Figure run(Path directory, SecretSealer sealer, int machines) {
        int nodes = machines * sizes.steps();
        try (Store store = H2Store.open(directory, sealer, clock);
                LoopRate rate = new LoopRate(store, sealer, clock, machines)) {
            HeapWatch heap = new HeapWatch();
            LoopRate.Timing timing = rate.round(nodes);
            return Figure.of(machines, nodes, timing, heap.usedAfterCollection());
        }
    }
}
