package dev.formwork.bench.agents;

import dev.formwork.bench.agents.AgentsReport.Idle;
import dev.formwork.bench.agents.AgentsReport.Percentiles;
import dev.formwork.bench.agents.AgentsReport.Work;
import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.served.EngineProcess;
import dev.formwork.bench.served.StepTimes;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The benchmark: the engine in one process, all agents in another, nothing but HTTP between them.
public final class Agents {
    private final AgentsSizes sizes;
    private final Path agent;
    private final Consumer<String> progress;
    private final Clock clock = Clock.systemUTC();

    /// @param agent the folder with the jars of the engine's own agent
    /// @param progress told what is being measured
    public Agents(AgentsSizes sizes, Path agent, Consumer<String> progress) {
        this.sizes = sizes;
        this.agent = agent;
        this.progress = progress;
    }

    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public AgentsReport measure(Path parent, String command) throws IOException {
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            List<Work> work = work(scratch.path());
            Idle idle = idle(scratch.path());
            return new AgentsReport(
                    "agents",
                    command,
                    clock.instant(),
                    machine,
                    MachineFacts.loadNow(),
                    work,
                    idle);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The first run is done twice: once to warm up.
    private List<Work> work(Path directory) throws IOException, InterruptedException {
        SeededEngine seeded =
                SeededEngine.make(directory.resolve("work"), sizes.agents(), sizes.steps());
        List<Work> figures = new ArrayList<>();
        try (EngineProcess engine = EngineProcess.start(seeded.directory(), seeded.pack(), agent)) {
            run(engine, seeded, sizes.loads().getFirst(), 0);
            for (AgentsSizes.Jobs jobs : sizes.loads()) {
                figures.add(run(engine, seeded, jobs, 1 + figures.size()));
            }
        }
        return figures;
    }

    private Work run(EngineProcess engine, SeededEngine seeded, AgentsSizes.Jobs jobs, int round)
            throws IOException, InterruptedException {
        progress.accept("agents: run " + round + ", jobs: " + jobs.name());
        try (AgentsProcess _ =
                AgentsProcess.start(engine, seeded.directory(), seeded.credentials(), jobs)) {
            long began = System.nanoTime();
            String digest = engine.approved(seeded.cluster(round));
            long planned = System.nanoTime();
            List<JsonNode> events = engine.eventsOf(engine.run(digest));
            double seconds = (System.nanoTime() - planned) / 1e9;
            List<StepTimes> times = StepTimes.of(events);
            int steps = sizes.agents() * sizes.steps();
            if (times.size() != steps) {
                throw new IOException(
                        times.size()
                                + " of "
                                + steps
                                + " steps left their times: "
                                + events.getLast());
            }
            return new Work(
                    jobs.name(),
                    sizes.agents(),
                    steps,
                    (planned - began) / 1e9,
                    seconds,
                    steps / seconds,
                    Percentiles.of(times.stream().filter(each -> isStep(0, each)).toList()),
                    Percentiles.of(times.stream().filter(each -> isStep(1, each)).toList()),
                    Percentiles.of(
                            times.stream()
                                    .filter(each -> !isStep(0, each) && !isStep(1, each))
                                    .toList()));
        }
    }

    private static boolean isStep(int number, StepTimes times) {
        return times.node().startsWith("s" + number + "@");
    }

    private Idle idle(Path directory) throws IOException, InterruptedException {
        progress.accept("agents: an engine without machines");
        EngineProcess.Memory empty;
        try (EngineProcess engine =
                startSmall(SeededEngine.make(directory.resolve("empty"), 0, 1))) {
            empty = engine.memory();
        }
        progress.accept("agents: " + sizes.idle() + " that wait");
        SeededEngine seeded = SeededEngine.make(directory.resolve("idle"), sizes.idle(), 1);
        EngineProcess.Memory full;
        try (EngineProcess engine = startSmall(seeded);
                AgentsProcess _ =
                        AgentsProcess.start(
                                engine,
                                seeded.directory(),
                                seeded.credentials(),
                                sizes.loads().getFirst())) {
            full = engine.memory();
        }
        return new Idle(
                sizes.idle(),
                megabytes(empty.heap()),
                megabytes(empty.resident()),
                megabytes(full.heap()),
                megabytes(full.resident()),
                (full.heap() - empty.heap()) / 1024.0 / sizes.idle(),
                (full.resident() - empty.resident()) / 1024.0 / sizes.idle());
    }

    private EngineProcess startSmall(SeededEngine seeded) throws IOException {
        return EngineProcess.start(
                seeded.directory(), seeded.pack(), agent, EngineProcess.SMALL_HEAP);
    }

    private static double megabytes(long bytes) {
        return bytes / (double) (1 << 20);
    }
}
