package dev.formwork.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.BundleLimits;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.provider.Instance;
import dev.formwork.server.CloudFactory;
import dev.formwork.server.Eventually;
import dev.formwork.server.TestEngine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The agents' door by hand, call by call, as docs/agent-protocol.md has it.
@Timeout(120)
class AgentProtocolIT {
    private static final String CREDENTIAL = "k".repeat(43);
    private static final String CLUSTER =
            """
            kind: Cluster
            name: demo
            workflow: greeting
            groups:
              members: {count: 1, provider: memory}
            """;

    @TempDir private Path data;
    @TempDir private Path folder;
    private TestEngine engine;
    private String run = "";

    @BeforeEach
    void start() throws IOException {
        engine = TestEngine.start(data);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void registersOnceAndForAll() {
        String token = bootToken();

        JsonNode first = json(register(token, CREDENTIAL));
        assertThat(first.path("machineName").asString()).isEqualTo("demo-members-0");
        assertThat(first.path("engineId").asString()).isNotEmpty();
        assertThat(first.path("pollSeconds").asInt()).isEqualTo(5);
        assertThat(json(register(token, CREDENTIAL))).as("a lost answer").isEqualTo(first);
        refused(register(token, "x".repeat(43)), 409, "agent.token-used");
        refused(register("y".repeat(43), CREDENTIAL), 401, "agent.unauthorized");
        refused(register(token, "short"), 422, "agent.weak-credential");
    }

    @Test
    void givesTheAgentToWhoeverHasABootToken() {
        String token = bootToken();
        HttpRequest.Builder anyKind = agent("/agent/v1/package/plan9-vax", token).GET();

        refused(send(anyKind), 404, "agent.no-package");
        refused(
                send(agent("/agent/v1/package/plan9-vax", "y".repeat(43)).GET()),
                401,
                "agent.unauthorized");
        assertThat(register(token, CREDENTIAL).statusCode()).isEqualTo(200);
        refused(send(anyKind), 404, "agent.no-package");
    }

    @Test
    void carriesAJobFromOfferToResult() throws Exception {
        String bearer = registered();
        JsonNode job = offered(bearer);

        assertThat(job.path("step").asString()).isEqualTo("greet");
        assertThat(job.path("mode").asString()).isEqualTo("run");
        assertThat(job.at("/inputs/word").asString()).isEqualTo("hello");
        assertThat(job.at("/inputs/password").asString())
                .as("opened for its machine")
                .isEqualTo("sesame");
        assertThat(job.path("secrets").toString()).isEqualTo("[\"password\"]");
        assertThat(job.at("/outputs/greeting/type").asString()).isEqualTo("string");
        assertThat(job.path("timeoutSeconds").asInt()).isEqualTo(600);
        assertThat(offered(bearer)).as("offered until it is started").isEqualTo(job);

        String path = "/agent/v1/jobs/" + job.path("id").asString();
        long token = job.path("token").asLong();
        assertThat(post(path + "/started", Map.of("token", token, "phase", 1), bearer).statusCode())
                .isEqualTo(204);
        assertThat(json(log(path, token, 0, "one\n", bearer)).path("next").asInt()).isEqualTo(4);
        assertThat(json(log(path, token, 0, "one\ntwo\n", bearer)).path("next").asInt())
                .as("what is known already is ignored")
                .isEqualTo(8);
        HttpResponse<String> gap = log(path, token, 100, "x", bearer);
        refused(gap, 409, "job.log-gap");
        assertThat(json(gap).path("next").asInt()).isEqualTo(8);
        refused(log(path, token - 1, 8, "x", bearer), 409, "job.fenced");
        refused(log("/agent/v1/jobs/j-0", token, 0, "x", bearer), 404, "job.unknown");

        Map<String, Object> report = report(token, Map.of("greeting", "hello", "key", "k"));
        Map<String, Object> fenced = new HashMap<>(report);
        fenced.put("token", token - 1);
        refused(post(path + "/result", fenced, bearer), 409, "job.fenced");
        assertThat(post(path + "/result", report, bearer).statusCode()).isEqualTo(204);
        assertThat(post(path + "/result", report, bearer).statusCode())
                .as("a lost answer")
                .isIn(204, 409, 404);
        assertThat(offered(bearer).path("step").asString()).isEqualTo("announce");
    }

    @Test
    void wakesAPollThatIsHeldWhenThereIsSomething() throws Exception {
        String bearer = registered();
        JsonNode job = offered(bearer);
        String path = "/agent/v1/jobs/" + job.path("id").asString();
        long token = job.path("token").asLong();
        post(path + "/started", Map.of("token", token, "phase", 1), bearer);
        CompletableFuture<HttpResponse<String>> poll =
                engine.client()
                        .sendAsync(
                                pollRequest(bearer, 30, List.of(running(job))).build(),
                                BodyHandlers.ofString());

        post(path + "/result", report(token, Map.of("greeting", "hello", "key", "k")), bearer);

        JsonNode polled = json(poll.get(10, TimeUnit.SECONDS));
        // A poll whose time is up is answered with nothing, so this one was woken.
        assertThat(polled.at("/jobs/0/step").asString()).isEqualTo("announce");
    }

    @Test
    void tellsAPollThatIsHeldOfACancellation() throws Exception {
        String bearer = registered();
        JsonNode job = offered(bearer);
        String path = "/agent/v1/jobs/" + job.path("id").asString();
        long token = job.path("token").asLong();
        post(path + "/started", Map.of("token", token, "phase", 1), bearer);
        CompletableFuture<HttpResponse<String>> poll =
                engine.client()
                        .sendAsync(
                                pollRequest(bearer, 30, List.of(running(job))).build(),
                                BodyHandlers.ofString());

        engine.post("/api/v1/runs/" + run + "/cancel", Map.of());

        JsonNode polled = json(poll.get(10, TimeUnit.SECONDS));
        assertThat(polled.at("/cancel/0/job").asString()).isEqualTo(job.path("id").asString());
        Map<String, Object> ended = new HashMap<>(report(token, Map.of()));
        ended.put("outcome", "cancelled");
        post(path + "/result", ended, bearer);
        assertThat(engine.json(engine.get("/api/v1/runs/" + run)).path("state").asString())
                .isEqualTo("cancelled");
    }

    @Test
    void answersAPollWithNothingWhenItsTimeIsUp() throws Exception {
        String bearer = registered();
        JsonNode job = offered(bearer);
        post(
                "/agent/v1/jobs/" + job.path("id").asString() + "/started",
                Map.of("token", job.path("token").asLong(), "phase", 1),
                bearer);

        JsonNode polled = json(send(pollRequest(bearer, 1, List.of(running(job)))));

        assertThat(polled.path("jobs")).isEmpty();
        assertThat(polled.path("cancel")).isEmpty();
    }

    @Test
    void everyPollIsSeenAtOnceThoughItIsNotStored() {
        String bearer = registered();
        String machine = "/api/v1/machines/" + bearer.substring(0, bearer.indexOf('.'));
        String first = json(engine.get(machine)).path("last_seen").asString();

        send(pollRequest(bearer, 0, List.of()));

        String next = json(engine.get(machine)).path("last_seen").asString();
        assertThat(Instant.parse(next)).isAfter(Instant.parse(first));
        assertThat(json(engine.get("/api/v1/machines")).at("/items/0/last_seen").asString())
                .isEqualTo(next);
    }

    @Test
    void followsALogWhileItGrows() throws Exception {
        String bearer = registered();
        JsonNode job = offered(bearer);
        String path = "/agent/v1/jobs/" + job.path("id").asString();
        long token = job.path("token").asLong();
        post(path + "/started", Map.of("token", token, "phase", 1), bearer);
        CompletableFuture<HttpResponse<String>> follower =
                engine.client()
                        .sendAsync(
                                engine.request(
                                                "/api/v1/runs/"
                                                        + run
                                                        + "/nodes/greet@demo-members-0/log?wait_seconds=30")
                                        .build(),
                                BodyHandlers.ofString());

        log(path, token, 0, "at last\n", bearer);

        HttpResponse<String> seen = follower.get(10, TimeUnit.SECONDS);
        assertThat(seen.body()).isEqualTo("at last\n");
        assertThat(seen.headers().firstValue("Formwork-Log-Complete")).contains("false");
    }

    @Test
    void handsOutModulesByTheirDigest() throws Exception {
        String bearer = registered();
        String digest = offered(bearer).at("/module/digest").asString();

        HttpResponse<byte[]> zip =
                engine.client()
                        .send(
                                agent("/agent/v1/modules/" + digest, bearer).GET().build(),
                                BodyHandlers.ofByteArray());

        assertThat(zip.headers().firstValue("Content-Type")).contains("application/zip");
        assertThat(
                        ModuleBundle.unpack(
                                        new ByteArrayInputStream(zip.body()),
                                        folder.resolve("m"),
                                        BundleLimits.STANDARD)
                                .digest()
                                .value())
                .isEqualTo(digest);
        refused(
                send(agent("/agent/v1/modules/sha256:" + "0".repeat(64), bearer).GET()),
                404,
                "module.unknown");
        String pack = engine.json(engine.get("/api/v1/packs")).at("/items/0/digest").asString();
        refused(send(agent("/agent/v1/modules/" + pack, bearer).GET()), 404, "module.unknown");
    }

    @Test
    void refusesWhatIsNotOfTheProtocol() {
        String bearer = registered();
        refused(
                send(
                        HttpRequest.newBuilder(engine.uri().resolve("/agent/v1/poll"))
                                .header("Authorization", "Bearer " + bearer)
                                .POST(BodyPublishers.ofString("{}"))),
                400,
                "protocol.version");
        for (String hostile : List.of("", "{}", "[]", "{\"running\": 3}", "[".repeat(10_000))) {
            refused(
                    send(
                            agent("/agent/v1/poll", bearer)
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(hostile))),
                    400,
                    "protocol.malformed");
        }
        refused(
                log("/agent/v1/jobs/j-0", 1, 0, "x".repeat(300_000), bearer),
                413,
                "request.too-large");
        BodyPublisher chunked =
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[10]));
        refused(send(agent("/agent/v1/poll", bearer).POST(chunked)), 411, "request.no-length");
    }

    @Test
    void letsACredentialReachItsOwnMachineOnly() {
        String bearer = registered();
        String stranger = bearer.replace(bearer.charAt(3), bearer.charAt(3) == 'a' ? 'b' : 'a');

        refused(send(pollRequest(stranger, 0, List.of())), 401, "agent.unauthorized");
        refused(send(pollRequest(bearer + "x", 0, List.of())), 401, "agent.unauthorized");
        assertThat(
                        send(HttpRequest.newBuilder(engine.uri().resolve("/api/v1/runs"))
                                        .header("Authorization", "Bearer " + bearer))
                                .statusCode())
                .as("an agent is nobody to the API")
                .isEqualTo(401);
    }

    private String bootToken() {
        run = engine.apply(CLUSTER);
        Eventually.until(
                () -> ours().isPresent(), Duration.ofMinutes(1), () -> "no machine was made");
        return CloudFactory.CLOUD.requestOf(ours().orElseThrow().ref()).bootToken().reveal();
    }

    /// The machine of this test's engine, in the cloud that all engines share.
    private Optional<Instance> ours() {
        return CloudFactory.CLOUD.instances().stream()
                .filter(instance ->
                        engine.get("/api/v1/machines/" + instance.machine()).statusCode() == 200)
                .findFirst();
    }

    private String registered() {
        JsonNode registered = json(register(bootToken(), CREDENTIAL));
        return registered.path("machineId").asString() + "." + CREDENTIAL;
    }

    private HttpResponse<String> register(String token, String credential) {
        return post(
                "/agent/v1/register",
                Map.of(
                        "bootToken",
                        token,
                        "credential",
                        credential,
                        "agentVersion",
                        "1",
                        "bootId",
                        "b-1",
                        "somethingNew",
                        List.of(1),
                        "facts",
                        Map.of(
                                "hostname", "h",
                                "address", "127.0.0.9",
                                "os", Map.of(),
                                "cpu", Map.of("architecture", "amd64", "count", 1),
                                "memory", Map.of("bytes", 1))),
                "none");
    }

    private JsonNode offered(String bearer) {
        JsonNode polled = json(send(pollRequest(bearer, 5, List.of())));
        assertThat(polled.path("jobs")).as(polled.toString()).hasSize(1);
        return polled.at("/jobs/0");
    }

    private HttpRequest.Builder pollRequest(String bearer, int wait, List<?> running) {
        return agent("/agent/v1/poll", bearer)
                .header("Content-Type", "application/json")
                .POST(
                        BodyPublishers.ofString(
                                TestEngine.JSON.writeValueAsString(
                                        Map.of(
                                                "agentVersion",
                                                "1",
                                                "bootId",
                                                "b-1",
                                                "running",
                                                running,
                                                "waitSeconds",
                                                wait))));
    }

    private static Map<String, Object> running(JsonNode job) {
        return Map.of("job", job.path("id").asString(), "token", job.path("token").asLong());
    }

    private static Map<String, Object> report(long token, Map<String, Object> outputs) {
        return Map.of(
                "token",
                token,
                "phase",
                1,
                "outcome",
                "succeeded",
                "exitCode",
                0,
                "outputs",
                outputs,
                "logBytes",
                0,
                "bootId",
                "b-1");
    }

    private HttpResponse<String> log(
            String path, long token, long offset, String bytes, String bearer) {
        return send(
                agent(path + "/log?token=" + token + "&offset=" + offset, bearer)
                        .PUT(BodyPublishers.ofString(bytes)));
    }

    private HttpResponse<String> post(String path, Object body, String bearer) {
        return send(
                agent(path, bearer)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(TestEngine.JSON.writeValueAsString(body))));
    }

    private HttpRequest.Builder agent(String path, String bearer) {
        return HttpRequest.newBuilder(engine.uri().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Formwork-Protocol", "1")
                .header("Authorization", "Bearer " + bearer);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return engine.send(request);
    }

    private void refused(HttpResponse<String> answer, int status, String code) {
        assertThat(json(answer).path("code").asString()).as(answer.body()).isEqualTo(code);
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private JsonNode json(HttpResponse<String> answer) {
        return engine.json(answer);
    }
}
