package dev.formwork.server;

import dev.formwork.provider.Instance;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// Agents for the machines of the cloud, played over real HTTP: each registers, polls, logs one
/// line per job and reports what the test decides.
public final class TestAgents implements AutoCloseable {
    private final TestEngine engine;
    private final Function<JsonNode, Map<String, Object>> work;
    private final Map<String, Thread> threads = new ConcurrentHashMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param work a job to the fields of its report
    public TestAgents(TestEngine engine, Function<JsonNode, Map<String, Object>> work) {
        this.engine = engine;
        this.work = work;
        Thread.ofVirtual().name("test-agents").start(this::watch);
    }

    /// Greets, and succeeds.
    public static Map<String, Object> obliging(JsonNode job) {
        return job.path("module").path("name").asString().equals("greet")
                ? Map.of(
                        "outcome",
                        "succeeded",
                        "exitCode",
                        0,
                        "outputs",
                        Map.of(
                                "greeting",
                                job.path("inputs").path("word").asString(),
                                "key",
                                "geheim"))
                : Map.of("outcome", "succeeded", "exitCode", 0, "outputs", Map.of("count", 1));
    }

    private void watch() {
        while (!closed) {
            for (Instance instance : CloudFactory.CLOUD.instances()) {
                if (seen.add(instance.ref().value())) {
                    String token =
                            CloudFactory.CLOUD.requestOf(instance.ref()).bootToken().reveal();
                    threads.put(
                            instance.name(),
                            Thread.ofVirtual()
                                    .start(() ->
                                            liveUntilClosed(
                                                    facts(
                                                            instance.name(),
                                                            String.valueOf(instance.address())),
                                                    token)));
                }
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void liveUntilClosed(Map<String, Object> facts, String bootToken) {
        try {
            live(facts, bootToken);
        } catch (IllegalStateException | UncheckedIOException e) {
            if (!closed) {
                throw e;
            }
        }
    }

    /// One more: of a machine that no provider made.
    public void start(String name, String bootToken) {
        threads.put(
                name,
                Thread.ofVirtual()
                        .start(() -> liveUntilClosed(facts(name, "127.0.0.1"), bootToken)));
    }

    private void live(Map<String, Object> facts, String bootToken) {
        String credential = "c".repeat(43);
        HttpResponse<String> registered =
                post(
                        "/agent/v1/register",
                        Map.of(
                                "bootToken",
                                bootToken,
                                "credential",
                                credential,
                                "agentVersion",
                                "test",
                                "bootId",
                                "boot-1",
                                "facts",
                                facts),
                        "none");
        if (registered.statusCode() != 200) {
            return; // A machine of another test's engine.
        }
        String bearer = engine.json(registered).path("machineId").asString() + "." + credential;
        while (!closed) {
            HttpResponse<String> polled =
                    post(
                            "/agent/v1/poll",
                            Map.of(
                                    "agentVersion",
                                    "test",
                                    "bootId",
                                    "boot-1",
                                    "running",
                                    List.of(),
                                    "waitSeconds",
                                    2),
                            bearer);
            if (polled.statusCode() == 401) {
                return;
            }
            for (JsonNode job : engine.json(polled).path("jobs")) {
                carryOut(job, bearer);
            }
        }
    }

    private void carryOut(JsonNode job, String bearer) {
        String path = "/agent/v1/jobs/" + job.path("id").asString();
        long token = job.path("token").asLong();
        post(path + "/started", Map.of("token", token, "phase", 1), bearer);
        send(
                HttpRequest.newBuilder(engine.uri().resolve(path + "/log?offset=0&token=" + token))
                        .header("Formwork-Protocol", "1")
                        .header("Authorization", "Bearer " + bearer)
                        .PUT(BodyPublishers.ofString("doing it\n")));
        Map<String, Object> report = new HashMap<>(work.apply(job));
        report.putAll(Map.of("token", token, "phase", 1, "logBytes", 9, "bootId", "boot-1"));
        post(path + "/result", report, bearer);
    }

    private static Map<String, Object> facts(String name, String address) {
        return Map.of(
                "hostname", name,
                "address", address,
                "os", Map.of("id", "debian"),
                "cpu", Map.of("architecture", "amd64", "count", 1),
                "memory", Map.of("bytes", 1));
    }

    private HttpResponse<String> post(String path, Object body, String bearer) {
        return send(
                HttpRequest.newBuilder(engine.uri().resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Formwork-Protocol", "1")
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + bearer)
                        .POST(BodyPublishers.ofString(TestEngine.JSON.writeValueAsString(body))));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return engine.client().send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.values().forEach(Thread::interrupt);
    }
}
