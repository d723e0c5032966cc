package dev.formwork.server;

import dev.formwork.server.tls.Trust;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Calls an engine that it finds by its data directory, as the CLI does.
public final class TestClient implements AutoCloseable {
    public static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http;
    private final URI uri;
    private final String token;

    private TestClient(HttpClient http, URI uri, String token) {
        this.http = http;
        this.uri = uri;
        this.token = token;
    }

    public static TestClient of(Path data) throws IOException {
        return of(data, HttpClient.newHttpClient(), "url");
    }

    /// By TLS, under the engine's CA.
    public static TestClient byTls(Path data) throws IOException {
        HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(Trust.inFile(data.resolve("ca.pem")))
                        .build();
        return of(data, http, "secure_url");
    }

    private static TestClient of(Path data, HttpClient http, String url) throws IOException {
        JsonNode found = JSON.readTree(Files.readString(data.resolve("engine.json")));
        return new TestClient(
                http,
                URI.create(found.path(url).asString()),
                Files.readString(data.resolve("api-token")).strip());
    }

    public HttpClient http() {
        return http;
    }

    public URI uri() {
        return uri;
    }

    public String token() {
        return token;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
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
                json(post("/api/v1/plans", Map.of("kind", "apply", "cluster_yaml", clusterYaml)));
        String digest = plan.path("digest").asString();
        post("/api/v1/plans/" + digest + "/approve", Map.of());
        JsonNode run = json(post("/api/v1/runs", Map.of("plan", digest)));
        if (run.path("id").isMissingNode()) {
            throw new AssertionError(plan + " " + run);
        }
        return run.path("id").asString();
    }

    /// The run once it has ended.
    public JsonNode ended(String run, Duration within) {
        Eventually.until(
                () -> {
                    String state = json(get("/api/v1/runs/" + run)).path("state").asString();
                    return !state.equals("running") && !state.equals("cancelling");
                },
                within,
                () -> get("/api/v1/runs/" + run + "/nodes").body());
        return json(get("/api/v1/runs/" + run));
    }

    @Override
    public void close() {
        http.close();
    }
}
