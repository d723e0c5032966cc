package dev.formwork.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.server.TestAgents;
import dev.formwork.server.TestEngine;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Every route over real HTTP, every answer held against the document: a cluster is planned,
/// applied by agents that speak the protocol, changed, and destroyed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiIT {
    private static final String CLUSTER =
            """
            kind: Cluster
            name: demo
            workflow: greeting
            groups:
              members: {count: 2, provider: memory}
            with: {word: %s}
            """;

    private TestEngine engine;
    private TestAgents agents;
    private Contract contract;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        engine = TestEngine.start(data);
        agents = new TestAgents(engine, TestAgents::obliging);
        contract = Contract.read();
    }

    @AfterAll
    void stop() {
        agents.close();
        engine.close();
    }

    @Test
    void appliesAClusterAndShowsIt() {
        JsonNode plan = plan(CLUSTER.formatted("hello"));
        assertThat(plan.path("summary").path("run").asInt()).isEqualTo(3);
        assertThat(plan.path("summary").path("create").asInt()).isEqualTo(2);
        assertThat(plan.at("/summary/effects/service-restart/certain").asInt()).isEqualTo(2);
        assertThat(after(plan, "announce@demo-members-0"))
                .as("gates are seen through")
                .contains("greet@demo-members-0", "greet@demo-members-1");
        String digest = plan.path("digest").asString();

        refused(
                post("/api/v1/runs", "/api/v1/runs", Map.of("plan", digest)),
                409,
                "plan.not-approved");
        post(
                "/api/v1/plans/{digest}/approve",
                "/api/v1/plans/" + digest + "/approve",
                Map.of("expires_in_seconds", 60));
        JsonNode started = json(post("/api/v1/runs", "/api/v1/runs", Map.of("plan", digest)));
        String run = started.path("id").asString();
        assertThat(ended(run).path("state").asString()).isEqualTo("succeeded");
        assertThat(
                        json(post("/api/v1/runs", "/api/v1/runs", Map.of("plan", digest)))
                                .path("id")
                                .asString())
                .as("a plan applies once")
                .isEqualTo(run);
        refused(
                post(
                        "/api/v1/plans/{digest}/approve",
                        "/api/v1/plans/" + digest + "/approve",
                        Map.of()),
                409,
                "plan.used");

        JsonNode cluster = json(get("/api/v1/clusters/{cluster}", "/api/v1/clusters/demo"));
        assertThat(cluster.at("/outputs/greetings/0").asString()).isEqualTo("hello");
        assertThat(cluster.at("/outputs/keys").toString()).doesNotContain("geheim").contains("***");
        assertThat(cluster.path("members")).hasSize(2);
        assertThat(json(get("/api/v1/clusters", "/api/v1/clusters")).path("items")).isNotEmpty();
        assertThat(json(get("/api/v1/runs", "/api/v1/runs?cluster=demo")).path("items")).hasSize(1);
        get("/api/v1/plans/{digest}", "/api/v1/plans/" + digest);

        nodesOf(run);
        machines();
        againWithoutChange();
        parameters();
        changedAndTainted();
        moduleRun();
        destroyed();
    }

    private void nodesOf(String run) {
        JsonNode nodes = json(get("/api/v1/runs/{run}/nodes", "/api/v1/runs/" + run + "/nodes"));
        assertThat(nodes.path("items")).hasSize(7);
        assertThat(
                        json(get(
                                        "/api/v1/runs/{run}/nodes",
                                        "/api/v1/runs/"
                                                + run
                                                + "/nodes?state=failed&state=running"))
                                .path("items"))
                .isEmpty();
        String key = encode("greet@demo-members-1");
        String node = "/api/v1/runs/" + run + "/nodes/" + key;
        assertThat(json(get("/api/v1/runs/{run}/nodes/{key}", node)).path("state").asString())
                .isEqualTo("succeeded");
        get("/api/v1/runs/{run}/nodes/{key}/explain", node + "/explain");
        HttpResponse<String> log =
                get("/api/v1/runs/{run}/nodes/{key}/log", node + "/log?offset=6&limit=100");
        assertThat(log.body()).isEqualTo("it\n");
        assertThat(log.headers().firstValue("Formwork-Next-Offset")).contains("9");
        assertThat(log.headers().firstValue("Formwork-Log-Complete")).contains("true");
        assertThat(log.headers().firstValue("Formwork-Job")).isPresent();
        refused(
                get(
                        "/api/v1/runs/{run}/nodes/{key}",
                        "/api/v1/runs/" + run + "/nodes/greet@nowhere"),
                404,
                "node.unknown");
        refused(
                get("/api/v1/runs/{run}/nodes/{key}", "/api/v1/runs/" + run + "/nodes/A%00B"),
                422,
                "node.bad-key");
        refused(
                post(
                        "/api/v1/runs/{run}/nodes/{key}/resolve",
                        node + "/resolve",
                        Map.of("happened", true)),
                409,
                "run.not-open");
        refused(
                post("/api/v1/runs/{run}/nodes/{key}/approve", node + "/approve", Map.of()),
                409,
                "run.not-open");
        refused(
                post("/api/v1/runs/{run}/cancel", "/api/v1/runs/" + run + "/cancel", Map.of()),
                409,
                "run.not-open");
        refused(
                post(
                        "/api/v1/runs/{run}/cancel",
                        "/api/v1/runs/" + run + "/cancel",
                        Map.of("now", true)),
                409,
                "run.not-open");
        refused(
                post(
                        "/api/v1/runs/{run}/pause",
                        "/api/v1/runs/" + run + "/pause",
                        Map.of("reason", "lunch")),
                409,
                "run.not-open");
        refused(
                post("/api/v1/runs/{run}/resume", "/api/v1/runs/" + run + "/resume", Map.of()),
                409,
                "run.not-open");
        refused(
                post("/api/v1/runs/{run}/retry", "/api/v1/runs/" + run + "/retry", Map.of()),
                409,
                "run.succeeded");
        refused(
                post(
                        "/api/v1/runs/{run}/nodes/{key}/skip",
                        node + "/skip",
                        Map.of("reason", "not needed")),
                409,
                "run.succeeded");
        refused(
                post("/api/v1/runs/{run}/nodes/{key}/skip", node + "/skip", Map.of()),
                400,
                "request.missing-key");
        refused(get("/api/v1/runs/{run}", "/api/v1/runs/r-0"), 404, "run.unknown");
        refused(get("/api/v1/runs/{run}", "/api/v1/runs/%20"), 404, "run.unknown");
    }

    private void machines() {
        JsonNode machines =
                json(get("/api/v1/machines", "/api/v1/machines?cluster=demo")).path("items");
        assertThat(machines).hasSize(2);
        JsonNode machine =
                json(get("/api/v1/machines/{machine}", "/api/v1/machines/demo-members-0"));
        assertThat(machine.at("/facts/os/id").asString()).isEqualTo("debian");
        assertThat(machine.path("state").asString()).isEqualTo("ready");
        get("/api/v1/machines/{machine}", "/api/v1/machines/" + machine.path("id").asString());
        refused(
                get("/api/v1/machines/{machine}", "/api/v1/machines/demo-members-9"),
                404,
                "machine.unknown");
    }

    private void againWithoutChange() {
        JsonNode plan = plan(CLUSTER.formatted("hello"));
        assertThat(plan.at("/summary/empty").asBoolean()).as(plan.toString()).isTrue();
        assertThat(plan.at("/summary/unchanged").asInt()).isEqualTo(3);
    }

    private void parameters() {
        String route = "/api/v1/machines/{machine}/params";
        String path = "/api/v1/machines/demo-members-1/params";
        JsonNode before = json(get(route, path));
        assertThat(before.at("/params/0/name").asString()).isEqualTo("password");
        assertThat(before.at("/params/0/value").asString()).isEqualTo("***");
        assertThat(before.at("/params/0/layer").asString()).isEqualTo("default");
        assertThat(before.at("/params/1/layer").asString()).isEqualTo("cluster demo");

        JsonNode set =
                json(
                        post(
                                route,
                                path,
                                Map.of("set", Map.of("word", "ahoy", "password", "geheim"))));
        assertThat(set.toString()).doesNotContain("geheim");
        assertThat(set.at("/params/0/value").asString()).isEqualTo("***");
        assertThat(set.at("/params/1/layer").asString()).isEqualTo("machine");
        assertThat(set.at("/params/1/value").asString()).isEqualTo("ahoy");
        assertThat(set.at("/params/1/hides/0/layer").asString()).isEqualTo("cluster demo");
        JsonNode plan = plan(CLUSTER.formatted("hello"));
        assertThat(reason(plan, "greet@demo-members-1")).isEqualTo("password, word changed");
        assertThat(reason(plan, "greet@demo-members-0")).isEmpty();
        assertThat(ended(engine.apply(CLUSTER.formatted("hello"))).path("state").asString())
                .isEqualTo("succeeded");
        assertThat(
                        json(get("/api/v1/clusters/{cluster}", "/api/v1/clusters/demo"))
                                .at("/outputs/greetings")
                                .toString())
                .isEqualTo("[\"hello\",\"ahoy\"]");
        assertThat(plan(CLUSTER.formatted("hello")).at("/summary/empty").asBoolean()).isTrue();

        assertThat(
                        refused(
                                        post(route, path, Map.of("set", Map.of("wrod", "x"))),
                                        404,
                                        "param.unknown")
                                .path("hint")
                                .asString())
                .contains("did you mean word?");
        refused(post(route, path, Map.of("set", Map.of("word", 1))), 422, "input.invalid");
        refused(post(route, path, Map.of("profiles", List.of("x"))), 404, "profile.unknown");
        refused(get(route, "/api/v1/machines/nobody/params"), 404, "machine.unknown");
        assertThat(json(get("/api/v1/params", "/api/v1/params")).at("/items/1/type").asString())
                .isEqualTo("string");
        post(route, path, Map.of("unset", List.of("word", "password")));
        assertThat(ended(engine.apply(CLUSTER.formatted("hello"))).path("state").asString())
                .isEqualTo("succeeded");
    }

    private static String reason(JsonNode plan, String key) {
        for (JsonNode node : plan.path("nodes")) {
            if (node.path("key").asString().equals(key)) {
                return node.path("reason").asString();
            }
        }
        throw new AssertionError("no node " + key);
    }

    private void changedAndTainted() {
        JsonNode changed = plan(CLUSTER.formatted("servus"));
        assertThat(changed.at("/summary/run").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(
                        post(
                                        "/api/v1/clusters/{cluster}/taint",
                                        "/api/v1/clusters/demo/taint",
                                        Map.of("node", "greet@demo-members-0"))
                                .statusCode())
                .isEqualTo(204);
        assertThat(plan(CLUSTER.formatted("hello")).at("/summary/run").asInt())
                .isGreaterThanOrEqualTo(1);
        String run = engine.apply(CLUSTER.formatted("hello"));
        assertThat(ended(run).path("state").asString()).isEqualTo("succeeded");
        refused(
                post("/api/v1/runs", "/api/v1/runs", Map.of("plan", approved(changed))),
                409,
                "plan.stale");
        refused(
                post(
                        "/api/v1/clusters/{cluster}/taint",
                        "/api/v1/clusters/demo/taint",
                        Map.of("node", "greet@demo-members-7")),
                404,
                "node.unknown");
    }

    private void moduleRun() {
        HttpResponse<String> answer =
                post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of(
                                "kind", "module",
                                "module", "greet",
                                "where", "machine.ordinal == 1",
                                "with", Map.of("word", "hi")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode plan = json(answer);
        assertThat(plan.path("kind").asString()).isEqualTo("module");
        assertThat(plan.at("/summary/run").asInt()).isEqualTo(1);
        String digest = approved(plan);
        refused(
                post("/api/v1/runs", "/api/v1/runs", Map.of("plan", digest, "priority", 101)),
                400,
                "request.malformed");
        refused(
                post("/api/v1/runs", "/api/v1/runs", Map.of("plan", digest, "timeout_seconds", 0)),
                400,
                "request.malformed");
        JsonNode run =
                json(
                        post(
                                "/api/v1/runs",
                                "/api/v1/runs",
                                Map.of("plan", digest, "priority", -5, "timeout_seconds", 3600)));
        assertThat(run.path("priority").asInt()).isEqualTo(-5);
        assertThat(Instant.parse(run.path("deadline").asString()))
                .isEqualTo(Instant.parse(run.path("created_at").asString()).plusSeconds(3600));
        assertThat(ended(run.path("id").asString()).path("state").asString())
                .isEqualTo("succeeded");
    }

    private void destroyed() {
        HttpResponse<String> answer =
                post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of("kind", "destroy", "cluster", "demo"));
        JsonNode plan = json(answer);
        assertThat(plan.at("/summary/remove").asInt()).as(answer.body()).isEqualTo(2);
        String run =
                json(post("/api/v1/runs", "/api/v1/runs", Map.of("plan", approved(plan))))
                        .path("id")
                        .asString();
        assertThat(ended(run).path("state").asString()).isEqualTo("succeeded");
        refused(get("/api/v1/clusters/{cluster}", "/api/v1/clusters/demo"), 404, "cluster.unknown");
        assertThat(json(get("/api/v1/machines", "/api/v1/machines?cluster=demo")).path("items"))
                .isEmpty();
    }

    @Test
    void takesPacksAndListsModules() throws IOException {
        Map<String, String> files =
                Map.of(
                        "pack.yaml",
                        base64("kind: Pack\nname: mine\nversion: 1.0.0\nsummary: Mine.\n"),
                        "deep/thing/module.yaml",
                        base64(
                                """
                                kind: Task
                                name: deep/thing
                                version: 1.0.0
                                summary: A thing.
                                provides: [thing]
                                inputs: {x: {type: integer, default: 1}}
                                run: 'true'
                                """),
                        "thing/module.yaml",
                        base64(
                                "kind: Interface\nname: thing\nversion: 1.0.0\nsummary: A thing.\n"));
        JsonNode pack = json(post("/api/v1/packs", "/api/v1/packs", Map.of("files", files)));
        String digest = pack.path("digest").asString();
        assertThat(pack.path("modules")).hasSize(2);
        assertThat(pack.path("built_in").asBoolean()).isFalse();

        HttpResponse<String> zipped =
                engine.send(
                        engine.request("/api/v1/packs")
                                .header("Content-Type", "application/zip")
                                .POST(BodyPublishers.ofByteArray(zip(files))));
        contract.requireAnswer("POST", "/api/v1/packs", zipped);
        assertThat(json(zipped).path("digest").asString()).isEqualTo(digest);
        assertThat(json(get("/api/v1/packs", "/api/v1/packs")).path("items")).hasSize(2);

        assertThat(json(get("/api/v1/modules", "/api/v1/modules")).path("items")).hasSize(3);
        assertThat(json(get("/api/v1/modules", "/api/v1/modules?pack=" + digest)).path("items"))
                .hasSize(5);
        JsonNode module =
                json(get("/api/v1/modules/{name}", "/api/v1/modules/deep%2Fthing?pack=" + digest));
        assertThat(module.at("/inputs/0/default").asInt()).isEqualTo(1);
        assertThat(
                        json(get("/api/v1/modules/{name}", "/api/v1/modules/thing?pack=" + digest))
                                .at("/provided_by/0")
                                .asString())
                .isEqualTo("deep/thing");
        get("/api/v1/modules/{name}", "/api/v1/modules/greeting");
        get("/api/v1/modules/{name}", "/api/v1/modules/greet");
        refused(get("/api/v1/modules/{name}", "/api/v1/modules/gret"), 404, "module.unknown");
        refused(get("/api/v1/modules", "/api/v1/modules?pack=sha256:0"), 404, "pack.unknown");
    }

    @Test
    void saysEverythingThatIsWrongTogether() {
        Map<String, String> files =
                Map.of(
                        "pack.yaml", base64("kind: Pack\nname: X\nversion: 1\nsumary: x\n"),
                        "a/module.yaml", base64("kind: Task\nname: a\n"));
        HttpResponse<String> uploaded =
                post("/api/v1/packs", "/api/v1/packs", Map.of("files", files));
        assertThat(uploaded.statusCode()).isEqualTo(422);
        assertThat(json(uploaded).path("problems").size()).isGreaterThan(3);
        assertThat(json(uploaded).at("/problems/0/location/line").asInt()).isPositive();

        JsonNode validation =
                json(
                        post(
                                "/api/v1/validations",
                                "/api/v1/validations",
                                Map.of("files", files, "cluster_yaml", "kind: Cluster\nnam: x\n")));
        assertThat(validation.path("valid").asBoolean()).isFalse();
        assertThat(validation.path("problems").size()).isGreaterThan(4);
        JsonNode good =
                json(
                        post(
                                "/api/v1/validations",
                                "/api/v1/validations",
                                Map.of("cluster_yaml", CLUSTER.formatted("hello"))));
        assertThat(good.path("valid").asBoolean()).as(good.toString()).isTrue();
        HttpResponse<String> planned =
                post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of("kind", "apply", "cluster_yaml", CLUSTER.formatted("[1]")));
        refused(planned, 422, "input.invalid");
    }

    @Test
    void answersBadRequestsWithProblems() {
        refused(post("/api/v1/plans", "/api/v1/plans", Map.of()), 400, "request.malformed");
        refused(
                post("/api/v1/plans", "/api/v1/plans", Map.of("kind", "apply")),
                400,
                "request.missing-key");
        refused(
                post("/api/v1/plans", "/api/v1/plans", Map.of("kind", "destroy", "cluster", "no")),
                404,
                "cluster.unknown");
        refused(
                post("/api/v1/plans", "/api/v1/plans", Map.of("kind", "apply", "clustr", "x")),
                400,
                "request.unknown-key");
        refused(post("/api/v1/runs", "/api/v1/runs", Map.of()), 400, "request.missing-key");
        refused(
                post("/api/v1/runs", "/api/v1/runs", Map.of("plan", "sha256:0")),
                404,
                "plan.unknown");
        refused(get("/api/v1/plans/{digest}", "/api/v1/plans/x"), 404, "plan.unknown");
        refused(get("/api/v1/runs", "/api/v1/runs?limit=many"), 400, "request.malformed");
        HttpResponse<String> text =
                engine.send(
                        engine.request("/api/v1/plans")
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("x")));
        refused(text, 415, "request.media-type");
        HttpResponse<String> method = engine.send(engine.request("/api/v1/plans").DELETE());
        refused(method, 405, "request.method");
        assertThat(method.headers().firstValue("Allow")).isPresent();
        refused(engine.get("/api/v1/nothing"), 404, "request.not-found");
    }

    @Test
    void showsItself() {
        JsonNode self = json(get("/api/v1/engine", "/api/v1/engine"));
        assertThat(self.path("status").asString()).isEqualTo("up");
        assertThat(self.path("providers").toString()).contains("memory");
        for (String kind : List.of("task", "workflow", "interface", "cluster", "profile", "pack")) {
            get("/api/v1/schemas/{kind}.json", "/api/v1/schemas/" + kind + ".json");
        }
        refused(
                get("/api/v1/schemas/{kind}.json", "/api/v1/schemas/car.json"),
                404,
                "schema.unknown");
        assertThat(get("/api/v1/openapi.yaml", "/api/v1/openapi.yaml").body())
                .startsWith("openapi: 3.1");
        assertThat(get("/metrics", "/metrics").body())
                .contains("formwork_transitions_total")
                .contains("formwork_commit_seconds_count")
                .contains("formwork_nodes{state=\"running\"}", "formwork_nodes{state=\"blocked\"}");
    }

    private JsonNode plan(String yaml) {
        HttpResponse<String> answer =
                post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of("kind", "apply", "cluster_yaml", yaml));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer);
    }

    private String approved(JsonNode plan) {
        String digest = plan.path("digest").asString();
        post("/api/v1/plans/{digest}/approve", "/api/v1/plans/" + digest + "/approve", Map.of());
        return digest;
    }

    private JsonNode ended(String run) {
        return contractual(engine.ended(run), run);
    }

    private JsonNode contractual(JsonNode ended, String run) {
        assertThat(json(get("/api/v1/runs/{run}", "/api/v1/runs/" + run))).isEqualTo(ended);
        return ended;
    }

    private static List<String> after(JsonNode plan, String key) {
        List<String> after = new ArrayList<>();
        for (JsonNode node : plan.path("nodes")) {
            if (node.path("key").asString().equals(key)) {
                node.path("after").forEach(each -> after.add(each.asString()));
            }
        }
        return after;
    }

    private HttpResponse<String> get(String route, String path) {
        HttpResponse<String> answer = engine.get(path);
        contract.requireAnswer("GET", route, answer);
        return answer;
    }

    private HttpResponse<String> post(String route, String path, Object body) {
        HttpResponse<String> answer = engine.post(path, body);
        contract.requireAnswer("POST", route, answer);
        return answer;
    }

    private JsonNode refused(HttpResponse<String> answer, int status, String code) {
        assertThat(json(answer).path("code").asString()).as(answer.body()).isEqualTo(code);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        contract.requireValid("ProblemAnswer", answer.body());
        return json(answer);
    }

    private JsonNode json(HttpResponse<String> answer) {
        return engine.json(answer);
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(Base64.getDecoder().decode(file.getValue()));
            }
        }
        return bytes.toByteArray();
    }
}
