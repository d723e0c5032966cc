package dev.formwork.bench.served;

import dev.formwork.store.PostgresSettings;

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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A real engine in a process of its own, with a real agent in another, and its API.
public final class EngineProcess implements AutoCloseable {
    /// What a whole engine has in the benchmarks.
    public static final String SMALL_HEAP = "-Xmx512m";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String READY = "formwork is ready at ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Process process;
    private final URI uri;
    private final String token;
    private final HttpClient http = HttpClient.newHttpClient();

    private EngineProcess(Process process, URI uri, String token) {
        this.process = process;
        this.uri = uri;
        this.token = token;
    }

    /// @param directory of its own; the engine's data directory is `data` in it, if there is one
    /// @param agent the folder with the agent's jars
    /// @param options for its JVM
    public static EngineProcess start(Path directory, Path pack, Path agent, String... options)
            throws IOException {
        return start(directory, pack, agent, Optional.empty(), options);
    }

    /// @param database where its state is, if not in its data directory
    public static EngineProcess start(
            Path directory,
            Path pack,
            Path agent,
            Optional<PostgresSettings> database,
            String... options)
            throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of(options));
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServedEngine.class.getName(),
                        data.toString(),
                        pack.toString(),
                        agent.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        database.ifPresent(settings -> {
            command.add(settings.toString());
            settings.password()
                    .ifPresent(password -> builder.environment().put("PGPASSWORD", password));
        });
        Process process = builder.redirectError(directory.resolve("engine.err").toFile()).start();
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

    /// How a JVM like this one is started.
    public static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED");
    }

    public URI uri() {
        return uri;
    }

    /// Of its API.
    public String token() {
        return token;
    }

    /// `kill -9`.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Sends it a signal that does not end it: `STOP`, `CONT`.
    public void signal(String name) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (kill.waitFor() != 0) {
            throw new IOException("no signal reaches process " + process.pid());
        }
    }

    /// Waits until `/health` answers with that status.
    public void awaitHealth(int status) throws IOException, InterruptedException {
        HttpRequest health =
                HttpRequest.newBuilder(uri.resolve("/health")).timeout(PATIENCE).build();
        long end = System.nanoTime() + PATIENCE.toNanos();
        HttpResponse<String> answer = http.send(health, HttpResponse.BodyHandlers.ofString());
        while (answer.statusCode() != status) {
            if (System.nanoTime() > end) {
                throw new IOException("/health is not " + status + " but " + answer.body());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            answer = http.send(health, HttpResponse.BodyHandlers.ofString());
        }
    }

    /// @return the answer's body, of whatever status
    public JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(
                http.send(
                                request(path).timeout(PATIENCE).GET().build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    /// @return the answer's body
    public JsonNode post(String path, Map<String, String> body)
            throws IOException, InterruptedException {
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
    public List<JsonNode> eventsOf(String run) throws IOException, InterruptedException {
        // Read only in the end: who is measured shares the machine.
        return awaitEvent(run, "\"run.ended\"").stream().map(JSON::readTree).toList();
    }

    /// Waits for an event of a run.
    ///
    /// @param text in the event
    /// @return all up to that one, as JSON
    public List<String> awaitEvent(String run, String text)
            throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer =
                http.send(
                        request("/api/v1/events?after=0&run=" + run).GET().build(),
                        HttpResponse.BodyHandlers.ofLines());
        List<String> events = new ArrayList<>();
        try (Stream<String> lines = answer.body()) {
            Iterator<String> line = lines.iterator();
            while (line.hasNext()) {
                String next = line.next();
                if (next.startsWith("data:")) {
                    events.add(next.substring("data:".length()));
                    if (next.contains(text)) {
                        return events;
                    }
                }
            }
        }
        throw new IOException("the engine ended the stream of events");
    }

    /// Plans a cluster, approves the plan and starts it.
    ///
    /// @return the run
    public String apply(String clusterYaml) throws IOException, InterruptedException {
        return run(approved(clusterYaml));
    }

    /// @return the digest of the plan
    public String approved(String clusterYaml) throws IOException, InterruptedException {
        JsonNode plan = post("/api/v1/plans", Map.of("kind", "apply", "cluster_yaml", clusterYaml));
        String digest = plan.path("digest").asString();
        post("/api/v1/plans/" + digest + "/approve", Map.of());
        return digest;
    }

    /// @param digest of a plan that is approved
    /// @return the run
    public String run(String digest) throws IOException, InterruptedException {
        return post("/api/v1/runs", Map.of("plan", digest)).path("id").asString();
    }

    /// One of the engine's metrics, all its series added up.
    ///
    /// @param series how its lines begin, such as `formwork_polls_held`
    public double metric(String series) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer =
                http.send(
                        request("/metrics").timeout(PATIENCE).GET().build(),
                        HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            return lines.filter(line -> line.startsWith(series))
                    .mapToDouble(
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /// Memory after a full collection.
    ///
    /// @param heap bytes that are alive in the heap
    /// @param resident bytes that the process takes from the machine
    public record Memory(long heap, long resident) {}

    public Memory memory() throws IOException, InterruptedException {
        Process collection =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(process.pid()),
                                "GC.run")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (collection.waitFor() != 0) {
            throw new IOException("the engine's garbage was not collected");
        }
        String resident =
                Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .findFirst()
                        .orElseThrow();
        return new Memory(
                (long) metric("jvm_memory_used_bytes{area=\"heap\""),
                Long.parseLong(resident.replaceAll("[^0-9]", "")) * 1024);
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
