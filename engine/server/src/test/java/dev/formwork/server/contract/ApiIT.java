package dev.formwork.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRef;
import dev.formwork.server.CloudFactory;
import dev.formwork.server.TestAgents;
import dev.formwork.server.TestEngine;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Every route over real HTTP, every answer held against the document: a cluster is planned,
/// applied by agents that speak the protocol, changed, and destroyed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiIT {
    private TestEngine engine;
    private TestAgents agents;
    private ApiCalls calls;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        engine = TestEngine.start(data);
        agents = new TestAgents(engine, TestAgents::obliging);
        calls = new ApiCalls(engine, Contract.read());
    }

    @AfterAll
    void stop() {
        agents.close();
        engine.close();
    }

    @Test
    void appliesAClusterAndShowsIt() {
        JsonNode plan = calls.plan(ApiCalls.CLUSTER.formatted("hello"));
        assertThat(plan.path("summary").path("run").asInt()).isEqualTo(3);
        assertThat(plan.path("summary").path("create").asInt()).isEqualTo(2);
        assertThat(plan.at("/summary/effects/service-restart/certain").asInt()).isEqualTo(2);
        assertThat(ApiCalls.after(plan, "announce@demo-members-0"))
                .as("gates are seen through")
                .contains("greet@demo-members-0", "greet@demo-members-1");
        String digest = plan.path("digest").asString();

        calls.refused(
                calls.post("/api/v1/runs", "/api/v1/runs", Map.of("plan", digest)),
                409,
                "plan.not-approved");
        calls.post(
                "/api/v1/plans/{digest}/approve",
                "/api/v1/plans/" + digest + "/approve",
                Map.of("expires_in_seconds", 60));
        JsonNode started =
                calls.json(calls.post("/api/v1/runs", "/api/v1/runs", Map.of("plan", digest)));
        String run = started.path("id").asString();
        assertThat(calls.ended(run).path("state").asString()).isEqualTo("succeeded");
        assertThat(
                        calls.json(
                                        calls.post(
                                                "/api/v1/runs",
                                                "/api/v1/runs",
                                                Map.of("plan", digest)))
                                .path("id")
                                .asString())
                .as("a plan applies once")
                .isEqualTo(run);
        calls.refused(
                calls.post(
                        "/api/v1/plans/{digest}/approve",
                        "/api/v1/plans/" + digest + "/approve",
                        Map.of()),
                409,
                "plan.used");

        JsonNode cluster =
                calls.json(calls.get("/api/v1/clusters/{cluster}", "/api/v1/clusters/demo"));
        assertThat(cluster.at("/outputs/greetings/0").asString()).isEqualTo("hello");
        assertThat(cluster.at("/outputs/keys").toString()).doesNotContain("geheim").contains("***");
        assertThat(cluster.path("members")).hasSize(2);
        assertThat(calls.json(calls.get("/api/v1/clusters", "/api/v1/clusters")).path("items"))
                .isNotEmpty();
        assertThat(calls.json(calls.get("/api/v1/runs", "/api/v1/runs?cluster=demo")).path("items"))
                .hasSize(1);
        calls.get("/api/v1/plans/{digest}", "/api/v1/plans/" + digest);

        nodesOf(run);
        machines();
        remoteHands();
        againWithoutChange();
        parameters();
        changedAndTainted();
        moduleRun();
        destroyed();
        backup();
        calls.json(calls.get("/api/v1/runs", "/api/v1/runs?limit=100"))
                .path("items")
                .forEach(each -> replayed(each.path("id").asString()));
    }

    private void backup() {
        HttpResponse<String> answer = calls.get("/api/v1/backup", "/api/v1/backup");
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/octet-stream");
        assertThat(answer.body()).startsWith("formwork backup 1\n").endsWith("\n");
    }

    /// Also of what later runs have replaced.
    private void replayed(String run) {
        JsonNode replay =
                calls.json(
                        calls.get("/api/v1/runs/{run}/replay", "/api/v1/runs/" + run + "/replay"));
        assertThat(replay.path("equal").asBoolean()).as(replay.toString()).isTrue();
        assertThat(replay.path("entries").asInt()).isPositive();
    }

    private void nodesOf(String run) {
        JsonNode nodes =
                calls.json(calls.get("/api/v1/runs/{run}/nodes", "/api/v1/runs/" + run + "/nodes"));
        assertThat(nodes.path("items")).hasSize(7);
        assertThat(
                        calls.json(
                                        calls.get(
                                                "/api/v1/runs/{run}/nodes",
                                                "/api/v1/runs/"
                                                        + run
                                                        + "/nodes?state=failed&state=running"))
                                .path("items"))
                .isEmpty();
        String key = encode("greet@demo-members-1");
        String node = "/api/v1/runs/" + run + "/nodes/" + key;
        assertThat(
                        calls.json(calls.get("/api/v1/runs/{run}/nodes/{key}", node))
                                .path("state")
                                .asString())
                .isEqualTo("succeeded");
        calls.get("/api/v1/runs/{run}/nodes/{key}/explain", node + "/explain");
        HttpResponse<String> log =
                calls.get("/api/v1/runs/{run}/nodes/{key}/log", node + "/log?offset=6&limit=100");
        assertThat(log.body()).isEqualTo("it\n");
        assertThat(log.headers().firstValue("Formwork-Next-Offset")).contains("9");
        assertThat(log.headers().firstValue("Formwork-Log-Complete")).contains("true");
        assertThat(log.headers().firstValue("Formwork-Job")).isPresent();
        calls.refused(
                calls.get(
                        "/api/v1/runs/{run}/nodes/{key}",
                        "/api/v1/runs/" + run + "/nodes/greet@nowhere"),
                404,
                "node.unknown");
        calls.refused(
                calls.get("/api/v1/runs/{run}/nodes/{key}", "/api/v1/runs/" + run + "/nodes/A%00B"),
                422,
                "node.bad-key");
        calls.refused(
                calls.post(
                        "/api/v1/runs/{run}/nodes/{key}/resolve",
                        node + "/resolve",
                        Map.of("happened", true)),
                409,
                "run.not-open");
        calls.refused(
                calls.post("/api/v1/runs/{run}/nodes/{key}/approve", node + "/approve", Map.of()),
                409,
                "run.not-open");
        calls.refused(
                calls.post(
                        "/api/v1/runs/{run}/cancel", "/api/v1/runs/" + run + "/cancel", Map.of()),
                409,
                "run.not-open");
        calls.refused(
                calls.post(
                        "/api/v1/runs/{run}/cancel",
                        "/api/v1/runs/" + run + "/cancel",
                        Map.of("now", true)),
                409,
                "run.not-open");
        calls.refused(
                calls.post(
                        "/api/v1/runs/{run}/pause",
                        "/api/v1/runs/" + run + "/pause",
                        Map.of("reason", "lunch")),
                409,
                "run.not-open");
        calls.refused(
                calls.post(
                        "/api/v1/runs/{run}/resume", "/api/v1/runs/" + run + "/resume", Map.of()),
                409,
                "run.not-open");
        calls.refused(
                calls.post("/api/v1/runs/{run}/retry", "/api/v1/runs/" + run + "/retry", Map.of()),
                409,
                "run.succeeded");
        calls.refused(
                calls.post(
                        "/api/v1/runs/{run}/nodes/{key}/skip",
                        node + "/skip",
                        Map.of("reason", "not needed")),
                409,
                "run.succeeded");
        calls.refused(
                calls.post("/api/v1/runs/{run}/nodes/{key}/skip", node + "/skip", Map.of()),
                400,
                "request.missing-key");
        calls.refused(calls.get("/api/v1/runs/{run}", "/api/v1/runs/r-0"), 404, "run.unknown");
        calls.refused(calls.get("/api/v1/runs/{run}", "/api/v1/runs/%20"), 404, "run.unknown");
    }

    private void machines() {
        JsonNode machines =
                calls.json(calls.get("/api/v1/machines", "/api/v1/machines?cluster=demo"))
                        .path("items");
        assertThat(machines).hasSize(2);
        JsonNode machine =
                calls.json(
                        calls.get("/api/v1/machines/{machine}", "/api/v1/machines/demo-members-0"));
        assertThat(machine.at("/facts/os/id").asString()).isEqualTo("debian");
        assertThat(machine.path("state").asString()).isEqualTo("ready");
        calls.get(
                "/api/v1/machines/{machine}", "/api/v1/machines/" + machine.path("id").asString());
        calls.refused(
                calls.get("/api/v1/machines/{machine}", "/api/v1/machines/demo-members-9"),
                404,
                "machine.unknown");
    }

    private void remoteHands() {
        String route = "/api/v1/machines/{machine}/power";
        String power = "/api/v1/machines/demo-members-0/power";
        assertThat(calls.json(calls.get(route, power)).path("power").asString()).isEqualTo("on");
        for (String action : List.of("reset", "off", "on")) {
            assertThat(
                            calls.json(calls.post(route, power, Map.of("action", action)))
                                    .path("power")
                                    .asString())
                    .isEqualTo(action.equals("off") ? "off" : "on");
        }
        calls.refused(
                calls.post(route, power, Map.of("action", "explode")), 400, "request.malformed");

        InstanceRef ref =
                CloudFactory.CLOUD.instances().stream()
                        .filter(each -> each.name().equals("demo-members-0"))
                        .map(Instance::ref)
                        .toList()
                        .getLast();
        CloudFactory.CLOUD.print(ref, "no boot device\r\n".getBytes(StandardCharsets.UTF_8));
        hardware(ref);
        media();
        firmware();
        bios();
        HttpResponse<String> console =
                calls.get(
                        "/api/v1/machines/{machine}/console",
                        "/api/v1/machines/demo-members-0/console?offset=3&limit=4");
        assertThat(console.body()).isEqualTo("boot");
        assertThat(console.headers().firstValue("Formwork-Offset")).contains("3");
        assertThat(console.headers().firstValue("Formwork-Next-Offset")).contains("7");
        calls.refused(
                calls.get("/api/v1/machines/{machine}/console", "/api/v1/machines/nobody/console"),
                404,
                "machine.unknown");
    }

    private void hardware(InstanceRef ref) {
        String machine = "/api/v1/machines/demo-members-0";
        String route = "/api/v1/machines/{machine}";
        JsonNode inventory = calls.json(calls.get(route + "/inventory", machine + "/inventory"));
        assertThat(inventory.at("/system/serial").asString()).isEqualTo(ref.value());
        JsonNode sensors = calls.json(calls.get(route + "/sensors", machine + "/sensors"));
        assertThat(sensors.at("/sensors/0/value").asDouble()).isEqualTo(21.5);
        CloudFactory.CLOUD.note(ref, "first");
        CloudFactory.CLOUD.note(ref, "second");
        JsonNode events =
                calls.json(
                        calls.get(
                                route + "/hardware-events", machine + "/hardware-events?limit=1"));
        assertThat(events.path("events")).hasSize(1);
        assertThat(events.at("/events/0/message").asString()).isEqualTo("second");
        calls.json(calls.post(route + "/identify", machine + "/identify", Map.of("seconds", 10)));
        assertThat(CloudFactory.CLOUD.blinks(ref)).isTrue();
        calls.refused(
                calls.post(route + "/identify", machine + "/identify", Map.of("seconds", 256)),
                400,
                "request.malformed");
    }

    private void media() {
        String machine = "/api/v1/machines/demo-members-0";
        String route = "/api/v1/machines/{machine}";
        assertThat(calls.json(calls.get(route + "/media", machine + "/media")).has("image"))
                .isFalse();
        Map<String, String> image = Map.of("image", "https://images.example/rescue.iso");
        JsonNode inserted =
                calls.json(calls.post(route + "/media/insert", machine + "/media/insert", image));
        assertThat(inserted.path("image").asString()).isEqualTo(image.get("image"));
        JsonNode boot =
                calls.json(
                        calls.post(
                                route + "/boot",
                                machine + "/boot",
                                Map.of("device", "media", "once", true)));
        assertThat(boot.path("once").asString()).isEqualTo("media");
        calls.json(calls.post(route + "/boot", machine + "/boot", Map.of("device", "disk")));
        assertThat(
                        calls.json(calls.get(route + "/boot", machine + "/boot"))
                                .path("always")
                                .asString())
                .isEqualTo("disk");
        calls.json(calls.post(route + "/boot", machine + "/boot", Map.of("device", "network")));
        assertThat(
                        calls.json(
                                        calls.post(
                                                route + "/media/eject",
                                                machine + "/media/eject",
                                                Map.of()))
                                .has("image"))
                .isFalse();
        calls.refused(
                calls.post(route + "/boot", machine + "/boot", Map.of("device", "tape")),
                400,
                "request.malformed");
        calls.refused(
                calls.post(
                        route + "/media/insert",
                        machine + "/media/insert",
                        Map.of("image", "https://user:geheim@images.example/a b")),
                400,
                "request.malformed");
        calls.refused(
                calls.post(
                        route + "/media/insert",
                        machine + "/media/insert",
                        Map.of("image", "https://user:geheim@images.example/a")),
                502,
                "provider.conflict");
    }

    private void firmware() {
        String machine = "/api/v1/machines/demo-members-0/firmware";
        String route = "/api/v1/machines/{machine}/firmware";
        assertThat(calls.json(calls.get(route, machine)).at("/components/0/id").asString())
                .isEqualTo("bios");
        JsonNode update =
                calls.json(
                        calls.post(
                                route + "/update",
                                machine + "/update",
                                Map.of(
                                        "image",
                                        "http://images.example/bmc-2.0.img",
                                        "components",
                                        List.of("bmc"))));
        assertThat(update.path("state").asString()).isEqualTo("running");
        String progress =
                machine
                        + "/update?id="
                        + URLEncoder.encode(update.path("id").asString(), StandardCharsets.UTF_8);
        assertThat(calls.json(calls.get(route + "/update", progress)).path("percent").asInt())
                .isEqualTo(50);
        assertThat(calls.json(calls.get(route + "/update", progress)).path("state").asString())
                .isEqualTo("done");
        assertThat(calls.json(calls.get(route, machine)).at("/components/0/version").asString())
                .as("the BIOS stays")
                .isEqualTo("1.0");
        calls.refused(
                calls.get(route + "/update", machine + "/update?id=another"),
                502,
                "provider.conflict");
        calls.refused(
                calls.post(route + "/update", machine + "/update", Map.of()),
                400,
                "request.missing-key");
    }

    private void bios() {
        String machine = "/api/v1/machines/demo-members-0/bios";
        String route = "/api/v1/machines/{machine}/bios";
        JsonNode set =
                calls.json(calls.post(route, machine, Map.of("set", Map.of("NumaNodes", 4))));
        assertThat(set.at("/pending/NumaNodes").asInt()).isEqualTo(4);
        assertThat(set.at("/current/NumaNodes").asInt()).isEqualTo(2);
        assertThat(calls.json(calls.get(route, machine)).at("/current/Turbo").asBoolean()).isTrue();
        calls.refused(
                calls.post(route, machine, Map.of("set", Map.of("NumaNodes", "four"))),
                502,
                "provider.conflict");
    }

    private void againWithoutChange() {
        JsonNode plan = calls.plan(ApiCalls.CLUSTER.formatted("hello"));
        assertThat(plan.at("/summary/empty").asBoolean()).as(plan.toString()).isTrue();
        assertThat(plan.at("/summary/unchanged").asInt()).isEqualTo(3);
    }

    private void parameters() {
        String route = "/api/v1/machines/{machine}/params";
        String path = "/api/v1/machines/demo-members-1/params";
        JsonNode before = calls.json(calls.get(route, path));
        assertThat(before.at("/params/0/name").asString()).isEqualTo("password");
        assertThat(before.at("/params/0/value").asString()).isEqualTo("***");
        assertThat(before.at("/params/0/layer").asString()).isEqualTo("default");
        assertThat(before.at("/params/1/layer").asString()).isEqualTo("cluster demo");

        JsonNode set =
                calls.json(
                        calls.post(
                                route,
                                path,
                                Map.of("set", Map.of("word", "ahoy", "password", "geheim"))));
        assertThat(set.toString()).doesNotContain("geheim");
        assertThat(set.at("/params/0/value").asString()).isEqualTo("***");
        assertThat(set.at("/params/1/layer").asString()).isEqualTo("machine");
        assertThat(set.at("/params/1/value").asString()).isEqualTo("ahoy");
        assertThat(set.at("/params/1/hides/0/layer").asString()).isEqualTo("cluster demo");
        JsonNode plan = calls.plan(ApiCalls.CLUSTER.formatted("hello"));
        assertThat(reason(plan, "greet@demo-members-1")).isEqualTo("password, word changed");
        assertThat(reason(plan, "greet@demo-members-0")).isEmpty();
        assertThat(
                        calls.ended(engine.apply(ApiCalls.CLUSTER.formatted("hello")))
                                .path("state")
                                .asString())
                .isEqualTo("succeeded");
        assertThat(
                        calls.json(calls.get("/api/v1/clusters/{cluster}", "/api/v1/clusters/demo"))
                                .at("/outputs/greetings")
                                .toString())
                .isEqualTo("[\"hello\",\"ahoy\"]");
        assertThat(calls.plan(ApiCalls.CLUSTER.formatted("hello")).at("/summary/empty").asBoolean())
                .isTrue();

        assertThat(
                        calls.refused(
                                        calls.post(route, path, Map.of("set", Map.of("wrod", "x"))),
                                        404,
                                        "param.unknown")
                                .path("hint")
                                .asString())
                .contains("did you mean word?");
        calls.refused(
                calls.post(route, path, Map.of("set", Map.of("word", 1))), 422, "input.invalid");
        calls.refused(
                calls.post(route, path, Map.of("profiles", List.of("x"))), 404, "profile.unknown");
        calls.refused(calls.get(route, "/api/v1/machines/nobody/params"), 404, "machine.unknown");
        assertThat(
                        calls.json(calls.get("/api/v1/params", "/api/v1/params"))
                                .at("/items/1/type")
                                .asString())
                .isEqualTo("string");
        calls.post(route, path, Map.of("unset", List.of("word", "password")));
        assertThat(
                        calls.ended(engine.apply(ApiCalls.CLUSTER.formatted("hello")))
                                .path("state")
                                .asString())
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
        JsonNode changed = calls.plan(ApiCalls.CLUSTER.formatted("servus"));
        assertThat(changed.at("/summary/run").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(
                        calls.post(
                                        "/api/v1/clusters/{cluster}/taint",
                                        "/api/v1/clusters/demo/taint",
                                        Map.of("node", "greet@demo-members-0"))
                                .statusCode())
                .isEqualTo(204);
        assertThat(calls.plan(ApiCalls.CLUSTER.formatted("hello")).at("/summary/run").asInt())
                .isGreaterThanOrEqualTo(1);
        String run = engine.apply(ApiCalls.CLUSTER.formatted("hello"));
        assertThat(calls.ended(run).path("state").asString()).isEqualTo("succeeded");
        calls.refused(
                calls.post("/api/v1/runs", "/api/v1/runs", Map.of("plan", calls.approved(changed))),
                409,
                "plan.stale");
        calls.refused(
                calls.post(
                        "/api/v1/clusters/{cluster}/taint",
                        "/api/v1/clusters/demo/taint",
                        Map.of("node", "greet@demo-members-7")),
                404,
                "node.unknown");
    }

    private void moduleRun() {
        HttpResponse<String> answer =
                calls.post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of(
                                "kind", "module",
                                "module", "greet",
                                "where", "machine.ordinal == 1",
                                "with", Map.of("word", "hi")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode plan = calls.json(answer);
        assertThat(plan.path("kind").asString()).isEqualTo("module");
        assertThat(plan.at("/summary/run").asInt()).isEqualTo(1);
        String digest = calls.approved(plan);
        calls.refused(
                calls.post("/api/v1/runs", "/api/v1/runs", Map.of("plan", digest, "priority", 101)),
                400,
                "request.malformed");
        calls.refused(
                calls.post(
                        "/api/v1/runs",
                        "/api/v1/runs",
                        Map.of("plan", digest, "timeout_seconds", 0)),
                400,
                "request.malformed");
        JsonNode run =
                calls.json(
                        calls.post(
                                "/api/v1/runs",
                                "/api/v1/runs",
                                Map.of("plan", digest, "priority", -5, "timeout_seconds", 3600)));
        assertThat(run.path("priority").asInt()).isEqualTo(-5);
        assertThat(Instant.parse(run.path("deadline").asString()))
                .isEqualTo(Instant.parse(run.path("created_at").asString()).plusSeconds(3600));
        assertThat(calls.ended(run.path("id").asString()).path("state").asString())
                .isEqualTo("succeeded");
    }

    private void destroyed() {
        HttpResponse<String> answer =
                calls.post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of("kind", "destroy", "cluster", "demo"));
        JsonNode plan = calls.json(answer);
        assertThat(plan.at("/summary/remove").asInt()).as(answer.body()).isEqualTo(2);
        String run =
                calls.json(
                                calls.post(
                                        "/api/v1/runs",
                                        "/api/v1/runs",
                                        Map.of("plan", calls.approved(plan))))
                        .path("id")
                        .asString();
        assertThat(calls.ended(run).path("state").asString()).isEqualTo("succeeded");
        calls.refused(
                calls.get("/api/v1/clusters/{cluster}", "/api/v1/clusters/demo"),
                404,
                "cluster.unknown");
        assertThat(
                        calls.json(calls.get("/api/v1/machines", "/api/v1/machines?cluster=demo"))
                                .path("items"))
                .isEmpty();
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }
}
