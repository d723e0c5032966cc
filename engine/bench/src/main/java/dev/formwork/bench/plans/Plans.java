package dev.formwork.bench.plans;

import dev.formwork.bench.plans.PlansReport.Figure;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.plan.Plan;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The benchmark. Each plan is made once, after small ones that warm up: it is the curve that
/// counts.
public final class Plans {
    private final PlansSizes sizes;
    private final Consumer<String> progress;
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

    /// @param progress told what is being measured
    public Plans(PlansSizes sizes, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
    }

    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public PlansReport measure(Path parent, String command) throws IOException {
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            SecretSealer sealer = SecretSealer.fromFile(scratch.path().resolve("key"));
            progress.accept("plans: warming up");
            for (int i = 0; i < sizes.warmUps(); i++) {
                measure(new FleetPlan(sealer, sizes.machines().getFirst(), sizes.steps()), 1);
            }
            List<Figure> figures = new ArrayList<>();
            for (int machines : sizes.machines()) {
                progress.accept("plans: " + machines + " machines");
                figures.addAll(measure(new FleetPlan(sealer, machines, sizes.steps()), machines));
            }
            return new PlansReport(
                    "plans",
                    command,
                    Clock.systemUTC().instant(),
                    machine,
                    MachineFacts.loadNow(),
                    figures);
        }
    }

    private List<Figure> measure(FleetPlan fleet, int machines) {
        Plan[] made = new Plan[1];
        Figure first = measured("first", machines, () -> made[0] = fleet.make(List.of()));
        Figure again = measured("again", machines, () -> fleet.make(FleetPlan.results(made[0])));
        return List.of(first, again);
    }

    private Figure measured(String kind, int machines, Supplier<Plan> making) {
        memory.gc();
        long before = memory.getHeapMemoryUsage().getUsed();
        long began = System.nanoTime();
        Plan plan = making.get();
        double seconds = (System.nanoTime() - began) / 1e9;
        memory.gc();
        long after = memory.getHeapMemoryUsage().getUsed();
        return Figure.of(kind, machines, plan.nodes().size(), seconds, after - before);
    }
}
