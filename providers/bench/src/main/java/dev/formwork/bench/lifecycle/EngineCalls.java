package dev.formwork.bench.lifecycle;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;

/// The calls of a user to an engine's API.
final class EngineCalls implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI engine;
    private final String token;
    private final HttpClient http = HttpClient.newHttpClient();

    EngineCalls(URI engine, String token) {
        this.engine = engine;
        this.token = token;
    }

    /// @return the digest of a plan that is approved
    String approved(Map<String, String> wish) throws IOException, InterruptedException {
        String digest = post("/api/v1/plans", wish).path("digest").asString();
        post("/api/v1/plans/" + digest + "/approve", Map.of());
        return digest;
    }

    /// Has a plan carried out.
    ///
    /// @throws IOException where it does not succeed
    void carryOut(String digest) throws IOException, InterruptedException {
        String run = post("/api/v1/runs", Map.of("plan", digest)).path("id").asString();
        awaitEnd(run);
        JsonNode ended =
                JSON.readTree(
                        http.send(
                                        request("/api/v1/runs/" + run).GET().build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body());
        if (!ended.path("state").asString().equals("succeeded")) {
            throw new IOException("run " + run + " did not succeed: " + ended);
        }
    }

    /// How many a cluster has.
    int machines(String cluster) throws IOException, InterruptedException {
        JsonNode answer =
                JSON.readTree(
                        http.send(
                                        request("/api/v1/machines?cluster=" + cluster)
                                                .GET()
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body());
        return answer.path("items").size();
    }

    private void awaitEnd(String run) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer =
                http.send(
                        request("/api/v1/events?after=0&run=" + run).GET().build(),
                        HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            Iterator<String> line = lines.iterator();
            while (line.hasNext()) {
                if (line.next().contains("\"run.ended\"")) {
                    return;
                }
            }
        }
        throw new IOException("the engine ended the stream of events");
    }

    private JsonNode post(String path, Map<String, String> body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        request(path)
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                JSON.writeValueAsString(body)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(path + " answered " + answer.statusCode() + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(engine.resolve(path))
                .header("Authorization", "Bearer " + token);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
