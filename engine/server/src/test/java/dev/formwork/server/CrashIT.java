package dev.formwork.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// The engine as a process of its own, with real agents: killed in the middle, and started again.
@Timeout(180)
class CrashIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir private Path data;
    @TempDir private Path folder;

    @AfterEach
    void destroy() throws Exception {
        Files.writeString(folder.resolve("go"), "");
        try (ServeProcess _ = start();
                TestClient client = TestClient.of(data)) {
            JsonNode plan =
                    client.json(
                            client.post(
                                    "/api/v1/plans",
                                    Map.of("kind", "destroy", "cluster", "patient")));
            if (plan.has("digest")) {
                String digest = plan.path("digest").asString();
                client.post("/api/v1/plans/" + digest + "/approve", Map.of());
                JsonNode run = client.json(client.post("/api/v1/runs", Map.of("plan", digest)));
                client.ended(run.path("id").asString(), LONG);
            }
        }
    }

    @Test
    void goesOnWhereItWasKilledAndDoesNothingTwice() throws Exception {
        String run;
        long agent;
        ServeProcess killed = start();
        try (TestClient client = TestClient.of(data)) {
            run = client.apply(cluster());
            until(() -> started("patient-members-0") == 1 && started("engine") == 1);
            agent = client.json(client.get("/api/v1/engine")).at("/agent/pid").asLong();
            killed.kill();
        }
        assertThat(ProcessHandle.of(agent)).as("outlives the engine").isPresent();

        try (ServeProcess _ = start();
                TestClient client = TestClient.of(data)) {
            until(() -> agentPid(client) != 0);
            assertThat(agentPid(client)).as("taken over").isEqualTo(agent);
            Files.writeString(folder.resolve("go"), "");

            JsonNode ended = client.ended(run, LONG);

            assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("succeeded");
            assertThat(started("patient-members-0")).isEqualTo(1);
            assertThat(started("engine")).isEqualTo(1);
            JsonNode cluster = client.json(client.get("/api/v1/clusters/patient"));
            assertThat(cluster.at("/outputs/who/0").asString()).isEqualTo("patient-members-0");
        }
        assertThat(ProcessHandle.of(agent).filter(ProcessHandle::isAlive))
                .as("ended with the engine that stopped in order")
                .isEmpty();
        assertThat(data.resolve("engine.json")).doesNotExist();
    }

    @Test
    void startsItsAgentAgainWhenItDies() throws Exception {
        try (ServeProcess _ = start();
                TestClient client = TestClient.of(data)) {
            String run = client.apply(cluster());
            until(() -> started("engine") == 1);
            long first = agentPid(client);

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            until(() -> agentPid(client) != 0 && agentPid(client) != first);
            Files.writeString(folder.resolve("go"), "");
            assertThat(client.ended(run, LONG).path("state").asString()).isEqualTo("succeeded");
            assertThat(started("engine")).as("the job outlived its agent").isEqualTo(1);
        }
    }

    private ServeProcess start() throws IOException {
        return ServeProcess.start(data, TestEngine.pack("waiting"));
    }

    private String cluster() {
        return """
        kind: Cluster
        name: patient
        workflow: patience
        groups:
          members: {count: 1, provider: local}
        with: {folder: %s}
        """
                .formatted(folder);
    }

    private static long agentPid(TestClient client) {
        return client.json(client.get("/api/v1/engine")).at("/agent/pid").asLong(0);
    }

    private int started(String machine) {
        Path file = folder.resolve(machine + ".started");
        try {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        Eventually.until(condition, LONG, () -> "it did not happen");
    }
}
