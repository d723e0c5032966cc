package dev.formwork.bench.transitions;

import dev.formwork.bench.served.EngineProcess;
import dev.formwork.bench.served.StepTimes;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs of tiny shell steps, one after the other, on a real agent that talks HTTP to a real engine
/// on loopback.
final class AgentLatency implements AutoCloseable {
    private final EngineProcess engine;
    private int runs;

    /// @param chain how many steps a run has
    /// @param agent the folder with the agent's jars
    AgentLatency(Path directory, int chain, Path agent) throws IOException {
        Path pack = directory.resolve("pack");
        writePack(pack, chain);
        engine = EngineProcess.start(directory.resolve("engine"), pack, agent);
    }

    /// One run, of a new cluster each time.
    List<StepTimes> round() throws IOException, InterruptedException {
        runs++;
        String cluster = "chain-" + runs;
        String run = engine.apply("kind: Cluster\nname: " + cluster + "\nworkflow: bench/chain\n");
        List<JsonNode> events = engine.eventsOf(run);
        String state = events.getLast().path("data").path("state").asString();
        if (!state.equals("succeeded")) {
            throw new IOException("the run of " + cluster + " " + state + ": " + events.getLast());
        }
        return StepTimes.of(events);
    }

    private static void writePack(Path pack, int chain) throws IOException {
        Files.createDirectories(pack.resolve("tiny"));
        Files.createDirectories(pack.resolve("chain"));
        Files.writeString(pack.resolve("pack.yaml"), "kind: Pack\nname: bench\nversion: 1.0.0\n");
        Files.writeString(
                pack.resolve("tiny/module.yaml"),
                "kind: Task\nname: bench/tiny\nversion: 1.0.0\nrun: 'true'\n");
        StringBuilder workflow =
                new StringBuilder("kind: Workflow\nname: bench/chain\nversion: 1.0.0\nsteps:\n");
        for (int step = 0; step < chain; step++) {
            String needs = step == 0 ? "" : ", needs: [s" + (step - 1) + "]";
            workflow.append("  s%d: {on: engine, uses: bench/tiny%s}\n".formatted(step, needs));
        }
        Files.writeString(pack.resolve("chain/module.yaml"), workflow);
    }

    @Override
    public void close() {
        engine.close();
    }
}
