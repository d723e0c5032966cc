package dev.formwork.bench.transitions;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real engine in a process of its own, with a real agent in another, and its API.
final class EngineProcess implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String READY = "formwork is ready at ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final URI uri;
    private final String token;
    private final HttpClient http = HttpClient.newHttpClient();

    private EngineProcess(Process process, URI uri, String token) {
        this.process = process;
        this.uri = uri;
        this.token = token;
    }

    /// @param directory of its own, that does not exist yet
    /// @param agent the folder with the agent's jars
    static EngineProcess start(Path directory, Path pack, Path agent) throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectories(directory);
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ServedEngine.class.getName(),
                                data.toString(),
                                pack.toString(),
                                agent.toString())
                        .redirectError(directory.resolve("engine.err").toFile())
                        .start();
        try {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = out.readLine();
            if (line == null || !line.startsWith(READY)) {
                throw new IOException(
                        "the engine did not start: "
                                + Files.readString(directory.resolve("engine.err")));
            }
            return new EngineProcess(
                    process,
                    URI.create(line.substring(READY.length())),
                    Files.readString(data.resolve("api-token")).strip());
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /// @return the answer's body
    JsonNode post(String path, Map<String, String> body) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        request(path)
                                .header("Content-Type", "application/json")
                                .timeout(PATIENCE)
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

    /// All events of a run, up to the one that says it has ended.
    List<JsonNode> eventsOf(String run) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer =
                http.send(
                        request("/api/v1/events?after=0&run=" + run).GET().build(),
                        HttpResponse.BodyHandlers.ofLines());
        List<JsonNode> events = new ArrayList<>();
        try (Stream<String> lines = answer.body()) {
            Iterator<String> line = lines.iterator();
            while (line.hasNext()) {
                String text = line.next();
                if (text.startsWith("data:")) {
                    JsonNode event = JSON.readTree(text.substring("data:".length()));
                    events.add(event);
                    if (event.path("type").asString().equals("run.ended")) {
                        return events;
                    }
                }
            }
        }
        throw new IOException("the engine ended the stream of events");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri.resolve(path)).header("Authorization", "Bearer " + token);
    }

    /// Stops the engine in order, and with it its agent.
    @Override
    public void close() {
        http.shutdownNow();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
