package dev.formwork.system;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The engine's HTTP API, as far as tests use it. Thread-safe.
final class ApiClient {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final JsonMapper json =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private final URI engine;
    private final String token;

    ApiClient(URI engine, String token) {
        this.engine = engine;
        this.token = token;
    }

    /// @param files path to content
    /// @return the digest
    String upload(Map<String, byte[]> files) {
        Map<String, String> encoded = new TreeMap<>();
        files.forEach(
                (path, bytes) -> encoded.put(path, Base64.getEncoder().encodeToString(bytes)));
        return post("/api/v1/packs", Map.of("files", encoded), Answer.Pack.class).digest();
    }

    Answer.Validation validate(Map<String, Object> wish) {
        return post("/api/v1/validations", wish, Answer.Validation.class);
    }

    Answer.Plan planApply(String clusterYaml, List<String> packs) {
        return plan(Map.of("kind", "apply", "cluster_yaml", clusterYaml, "packs", packs));
    }

    Answer.Plan planDestroy(String cluster) {
        return plan(Map.of("kind", "destroy", "cluster", cluster));
    }

    Answer.Plan plan(Map<String, Object> wish) {
        return post("/api/v1/plans", wish, Answer.Plan.class);
    }

    void applyPool(String yaml) {
        post("/api/v1/pools", Map.of("yaml", yaml), Object.class);
    }

    /// Approves the plan and starts its run.
    Answer.Run start(Answer.Plan plan) {
        post("/api/v1/plans/" + plan.digest() + "/approve", Map.of(), Object.class);
        return post("/api/v1/runs", Map.of("plan", plan.digest()), Answer.Run.class);
    }

    /// What a machine's provider says of its power: `on`, `off`, `lost`, `unknown`.
    String power(String machine) {
        return get("/api/v1/machines/" + machine + "/power", Answer.Power.class).power();
    }

    /// @param action `on`, `off`, `reset`
    void power(String machine, String action) {
        post(
                "/api/v1/machines/" + machine + "/power",
                Map.of("action", action),
                Answer.Power.class);
    }

    /// @param verb `cancel`, `pause`, `resume`
    Answer.Run tell(String run, String verb, Map<String, Object> body) {
        return post("/api/v1/runs/" + run + "/" + verb, body, Answer.Run.class);
    }

    Answer.Run run(String id) {
        return get("/api/v1/runs/" + id, Answer.Run.class);
    }

    /// Newest first.
    List<Answer.Run> runs(String cluster) {
        return items("/api/v1/runs?cluster=" + cluster, Answer.Run.class);
    }

    List<Answer.Node> nodes(String run) {
        return items("/api/v1/runs/" + run + "/nodes", Answer.Node.class);
    }

    Answer.Node node(String run, String key) {
        return nodes(run).stream()
                .filter(node -> node.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("run " + run + " has no node " + key));
    }

    Answer.Explanation explain(String run, String key) {
        return get(
                "/api/v1/runs/" + run + "/nodes/" + segment(key) + "/explain",
                Answer.Explanation.class);
    }

    void resolve(String run, String key, Map<String, Object> body) {
        post("/api/v1/runs/" + run + "/nodes/" + segment(key) + "/resolve", body, Object.class);
    }

    /// Waits until a run has ended.
    Answer.Run awaitEnd(String run, Duration patience) {
        return Await.some(
                "run " + run + " has ended",
                patience,
                () -> Optional.of(run(run)).filter(Answer.Run::ended));
    }

    Answer.Cluster cluster(String name) {
        return get("/api/v1/clusters/" + name, Answer.Cluster.class);
    }

    /// Has a recorded step run again with the next plan.
    void taint(String cluster, String node) {
        send(body("/api/v1/clusters/" + cluster + "/taint", Map.of("node", node)));
    }

    List<Answer.Machine> machines() {
        return items("/api/v1/machines", Answer.Machine.class);
    }

    Answer.Machine machine(String name) {
        return get("/api/v1/machines/" + name, Answer.Machine.class);
    }

    /// The whole log of a node's last job, as it is now.
    byte[] log(String run, String key) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String path = "/api/v1/runs/" + run + "/nodes/" + segment(key) + "/log?limit=1048576";
        while (true) {
            HttpResponse<byte[]> answer =
                    send(request(path + "&offset=" + all.size()).GET().build());
            all.writeBytes(answer.body());
            if (answer.body().length == 0) {
                return all.toByteArray();
            }
        }
    }

    String logText(String run, String key) {
        return new String(log(run, key), StandardCharsets.UTF_8);
    }

    EventStream events(long after) {
        return new EventStream(
                http, request("/api/v1/events?after=" + after).timeout(Duration.ofHours(1)), json);
    }

    /// What is told from now on, and nothing that was told before.
    EventStream eventsFromNow() {
        return new EventStream(http, request("/api/v1/events").timeout(Duration.ofHours(1)), json)
                .awaitOpen(PATIENCE);
    }

    /// The living engines on the same database, the one that is asked first.
    List<Answer.Engine.Share> engines() {
        return get("/api/v1/engine", Answer.Engine.class).engines();
    }

    int health() {
        return healthAnswer().statusCode();
    }

    /// What `/health` says.
    String healthText() {
        return new String(healthAnswer().body(), StandardCharsets.UTF_8);
    }

    private HttpResponse<byte[]> healthAnswer() {
        return http(HttpRequest.newBuilder(engine.resolve("/health")).timeout(PATIENCE).build());
    }

    private <T> T get(String path, Class<T> type) {
        return json.readValue(send(request(path).GET().build()).body(), type);
    }

    private <T> List<T> items(String path, Class<T> type) {
        JavaType items = json.getTypeFactory().constructParametricType(Answer.Items.class, type);
        Answer.Items<T> answer = json.readValue(send(request(path).GET().build()).body(), items);
        return answer.items();
    }

    private <T> T post(String path, Map<String, ?> body, Class<T> type) {
        return json.readValue(send(body(path, body)).body(), type);
    }

    private HttpRequest body(String path, Map<String, ?> body) {
        byte[] bytes = json.writeValueAsBytes(new LinkedHashMap<>(body));
        return request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(bytes))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(engine.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        HttpResponse<byte[]> answer = http(request);
        if (answer.statusCode() >= 400) {
            throw new ApiProblem(
                    answer.statusCode(),
                    json.readValue(answer.body(), Answer.ProblemAnswer.class).problems());
        }
        return answer;
    }

    private HttpResponse<byte[]> http(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
