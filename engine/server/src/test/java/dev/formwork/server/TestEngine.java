package dev.formwork.server;

import dev.formwork.provider.AgentLaunch;
import dev.formwork.workflow.engine.EngineSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An engine on a free port, without an agent of its own, and a client that has its token.
public final class TestEngine implements AutoCloseable {
    public static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newHttpClient();
    private final RunningServer server;
    private final Path data;
    private final String token;

    private TestEngine(RunningServer server, Path data) throws IOException {
        this.server = server;
        this.data = data;
        this.token = Files.readString(data.resolve("api-token")).strip();
    }

    public static TestEngine start(Path data) throws IOException {
        return start(config(data));
    }

    public static TestEngine start(ServeConfig config) throws IOException {
        return new TestEngine(EngineServer.start(config), config.data());
    }

    public static ServeConfig config(Path data) {
        EngineSettings standard = EngineSettings.STANDARD;
        EngineSettings quick =
                new EngineSettings(
                        Duration.ofSeconds(20),
                        standard.bootDeadline(),
                        Duration.ofSeconds(1),
                        standard.reportGrace(),
                        standard.engineJobs(),
                        standard.providerAttempts(),
                        Duration.ofMillis(100),
                        standard.interruptions(),
                        standard.logBytes());
        return ServeConfig.of(data, List.of(pack()), agent(), "test")
                .withPort(0)
                .withEngineAgent(false)
                .withConsole(false)
                .withPoll(Duration.ofSeconds(5))
                .withSettings(quick);
    }

    /// The real agent, out of the test's class path.
    static AgentLaunch agent() {
        return new AgentLaunch(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.formwork.agent.Main"));
    }

    static Path pack() {
        try {
            return Path.of(TestEngine.class.getResource("/pack/pack.yaml").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public URI uri() {
        return server.uri();
    }

    public Path data() {
        return data;
    }

    public String token() {
        return token;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public HttpResponse<String> get(String path) {
        return send(request(path));
    }

    public HttpResponse<String> post(String path, Object body) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    public JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    /// Plans, approves and starts the run; its id.
    public String apply(String clusterYaml) {
        JsonNode plan =
                json(
                        post(
                                "/api/v1/plans",
                                Map.of("kind", "apply", "cluster_yaml", clusterYaml)));
        String digest = plan.path("digest").asString();
        post("/api/v1/plans/" + digest + "/approve", Map.of());
        JsonNode run = json(post("/api/v1/runs", Map.of("plan", digest)));
        if (run.path("id").isMissingNode()) {
            throw new AssertionError(plan + " " + run);
        }
        return run.path("id").asString();
    }

    public HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
