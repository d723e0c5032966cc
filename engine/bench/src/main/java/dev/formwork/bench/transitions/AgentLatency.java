package dev.formwork.bench.transitions;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs of tiny shell steps, one after the other, on a real agent that talks HTTP to a real engine
/// on loopback. Times are those of the engine's own events: a step is ready from the transition
/// that freed it, before that was durable, and has started with the one that took the agent's word
/// for it. So the time between holds both of the writes to the disk that are needed.
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

    /// Milliseconds of one step since it was ready.
    record Latency(double started, double succeeded) {}

    /// One run, of a new cluster each time.
    List<Latency> round() throws IOException, InterruptedException {
        runs++;
        String cluster = "chain-" + runs;
        JsonNode plan =
                engine.post(
                        "/api/v1/plans",
                        Map.of(
                                "kind",
                                "apply",
                                "cluster_yaml",
                                "kind: Cluster\nname: " + cluster + "\nworkflow: bench/chain\n"));
        String digest = plan.path("digest").asString();
        engine.post("/api/v1/plans/" + digest + "/approve", Map.of());
        String run = engine.post("/api/v1/runs", Map.of("plan", digest)).path("id").asString();
        List<JsonNode> events = engine.eventsOf(run);
        String state = events.getLast().path("data").path("state").asString();
        if (!state.equals("succeeded")) {
            throw new IOException("the run of " + cluster + " " + state + ": " + events.getLast());
        }
        return latencies(events);
    }

    private static List<Latency> latencies(List<JsonNode> events) {
        Map<String, Instant> ready = new HashMap<>();
        Map<String, Instant> started = new HashMap<>();
        List<Latency> latencies = new ArrayList<>();
        for (JsonNode event : events) {
            Instant at = Instant.parse(event.path("at").asString());
            String subject = event.path("subject").asString();
            JsonNode data = event.path("data");
            String change = event.path("type").asString() + " " + data.path("state").asString();
            switch (change) {
                case "node.changed ready" -> ready.putIfAbsent(subject, at);
                case "job.changed started" -> started.putIfAbsent(data.path("node").asString(), at);
                case "node.changed succeeded" -> {
                    Optional<Instant> from = Optional.ofNullable(ready.get(subject));
                    Optional<Instant> between = Optional.ofNullable(started.get(subject));
                    if (from.isPresent() && between.isPresent()) {
                        latencies.add(
                                new Latency(
                                        milliseconds(from.get(), between.get()),
                                        milliseconds(from.get(), at)));
                    }
                }
                default -> {}
            }
        }
        return latencies;
    }

    private static double milliseconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
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
