package dev.formwork.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.server.TestEngine;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// What the API takes and refuses without a cluster: packs, mistakes, and questions about itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiRequestsIT {
    private TestEngine engine;
    private ApiCalls calls;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        engine = TestEngine.start(data);
        calls = new ApiCalls(engine, Contract.read());
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void declaresPoolsAndSaysHowTheyStand() {
        String yaml =
                """
                kind: Pool
                name: metal
                where: machine.name != ''
                make: {provider: local, most: 0}
                clean: delete
                """;
        JsonNode pool =
                calls.json(calls.post("/api/v1/pools", "/api/v1/pools", Map.of("yaml", yaml)));
        assertThat(pool.path("where").asString()).isEqualTo("machine.name != ''");
        assertThat(pool.path("clean").asString()).isEqualTo("delete");
        assertThat(calls.json(calls.get("/api/v1/pools/{pool}", "/api/v1/pools/metal")))
                .isEqualTo(pool);
        assertThat(calls.json(calls.get("/api/v1/pools", "/api/v1/pools")).path("items"))
                .containsExactly(pool);
        calls.refused(
                calls.post(
                        "/api/v1/pools/{pool}/reserve",
                        "/api/v1/pools/metal/reserve",
                        Map.of("count", 1, "cluster", "red", "until", "2100-01-01T00:00:00Z")),
                409,
                "pool.too-few");
        calls.refused(
                calls.post(
                        "/api/v1/pools/{pool}/reserve",
                        "/api/v1/pools/metal/reserve",
                        Map.of("count", 0, "cluster", "red")),
                400,
                "request.malformed");
        calls.refused(
                calls.post(
                        "/api/v1/pools/{pool}/machines/{machine}/clean",
                        "/api/v1/pools/metal/machines/nobody/clean",
                        Map.of()),
                404,
                "machine.unknown");
        calls.refused(
                calls.post(
                        "/api/v1/pools/{pool}/machines/{machine}/delete",
                        "/api/v1/pools/metal/machines/nobody/delete",
                        Map.of()),
                404,
                "machine.unknown");
        calls.json(
                calls.post(
                        "/api/v1/pools/{pool}/unreserve",
                        "/api/v1/pools/metal/unreserve",
                        Map.of("cluster", "red")));
        calls.refused(
                calls.post(
                        "/api/v1/pools",
                        "/api/v1/pools",
                        Map.of("yaml", "kind: Pool\nname: p\nwhere: nobody.name\n")),
                422,
                "expression.unknown-reference");
        calls.refused(
                calls.post(
                        "/api/v1/pools",
                        "/api/v1/pools",
                        Map.of("yaml", yaml.replace("local", "locla"))),
                404,
                "provider.unknown");
        calls.refused(
                calls.post(
                        "/api/v1/pools",
                        "/api/v1/pools",
                        Map.of("yaml", yaml.replace("delete", "{run: wipe}"))),
                404,
                "module.unknown");
        calls.json(calls.post("/api/v1/pools/{pool}/drop", "/api/v1/pools/metal/drop", Map.of()));
        calls.refused(
                calls.get("/api/v1/pools/{pool}", "/api/v1/pools/metal"), 404, "pool.unknown");
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
        JsonNode pack =
                calls.json(calls.post("/api/v1/packs", "/api/v1/packs", Map.of("files", files)));
        String digest = pack.path("digest").asString();
        assertThat(pack.path("modules")).hasSize(2);
        assertThat(pack.path("built_in").asBoolean()).isFalse();

        HttpResponse<String> zipped =
                engine.send(
                        engine.request("/api/v1/packs")
                                .header("Content-Type", "application/zip")
                                .POST(BodyPublishers.ofByteArray(zip(files))));
        calls.contract().requireAnswer("POST", "/api/v1/packs", zipped);
        assertThat(calls.json(zipped).path("digest").asString()).isEqualTo(digest);
        assertThat(calls.json(calls.get("/api/v1/packs", "/api/v1/packs")).path("items"))
                .hasSize(2);

        assertThat(calls.json(calls.get("/api/v1/modules", "/api/v1/modules")).path("items"))
                .hasSize(3);
        assertThat(
                        calls.json(calls.get("/api/v1/modules", "/api/v1/modules?pack=" + digest))
                                .path("items"))
                .hasSize(5);
        JsonNode module =
                calls.json(
                        calls.get(
                                "/api/v1/modules/{name}",
                                "/api/v1/modules/deep%2Fthing?pack=" + digest));
        assertThat(module.at("/inputs/0/default").asInt()).isEqualTo(1);
        assertThat(
                        calls.json(
                                        calls.get(
                                                "/api/v1/modules/{name}",
                                                "/api/v1/modules/thing?pack=" + digest))
                                .at("/provided_by/0")
                                .asString())
                .isEqualTo("deep/thing");
        calls.get("/api/v1/modules/{name}", "/api/v1/modules/greeting");
        calls.get("/api/v1/modules/{name}", "/api/v1/modules/greet");
        calls.refused(
                calls.get("/api/v1/modules/{name}", "/api/v1/modules/gret"), 404, "module.unknown");
        calls.refused(
                calls.get("/api/v1/modules", "/api/v1/modules?pack=sha256:0"), 404, "pack.unknown");
    }

    @Test
    void takesWhatBootServersSeeUntilItIsOver() {
        String route = "/api/v1/boot/reports";
        Map<String, Object> down =
                Map.of(
                        "server", "site-b",
                        "code", "boot.link-down",
                        "subject", "eth1",
                        "detail", "eth1 is\n\u001b[2J down");
        JsonNode taken = calls.json(calls.post(route, route, down));
        assertThat(taken.path("detail").asString()).isEqualTo("eth1 is??[2J down");

        calls.post(route, route, down);
        JsonNode listed = calls.json(calls.get(route, route)).path("items");
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("subject").asString()).isEqualTo("eth1");
        assertThat(listed.path(0).path("count").asInt()).isEqualTo(2);

        Map<String, Object> up = new HashMap<>(down);
        up.put("over", true);
        calls.post(route, route, up);
        assertThat(calls.json(calls.get(route, route)).path("items")).isEmpty();
        up.put("code", "nothing at all");
        calls.refused(calls.post(route, route, up), 400, "request.malformed");
    }

    @Test
    void saysEverythingThatIsWrongTogether() {
        Map<String, String> files =
                Map.of(
                        "pack.yaml", base64("kind: Pack\nname: X\nversion: 1\nsumary: x\n"),
                        "a/module.yaml", base64("kind: Task\nname: a\n"));
        HttpResponse<String> uploaded =
                calls.post("/api/v1/packs", "/api/v1/packs", Map.of("files", files));
        assertThat(uploaded.statusCode()).isEqualTo(422);
        assertThat(calls.json(uploaded).path("problems").size()).isGreaterThan(3);
        assertThat(calls.json(uploaded).at("/problems/0/location/line").asInt()).isPositive();

        JsonNode validation =
                calls.json(
                        calls.post(
                                "/api/v1/validations",
                                "/api/v1/validations",
                                Map.of("files", files, "cluster_yaml", "kind: Cluster\nnam: x\n")));
        assertThat(validation.path("valid").asBoolean()).isFalse();
        assertThat(validation.path("problems").size()).isGreaterThan(4);
        JsonNode good =
                calls.json(
                        calls.post(
                                "/api/v1/validations",
                                "/api/v1/validations",
                                Map.of("cluster_yaml", ApiCalls.CLUSTER.formatted("hello"))));
        assertThat(good.path("valid").asBoolean()).as(good.toString()).isTrue();
        HttpResponse<String> planned =
                calls.post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of("kind", "apply", "cluster_yaml", ApiCalls.CLUSTER.formatted("[1]")));
        calls.refused(planned, 422, "input.invalid");
    }

    @Test
    void answersBadRequestsWithProblems() {
        calls.refused(
                calls.post("/api/v1/plans", "/api/v1/plans", Map.of()), 400, "request.malformed");
        calls.refused(
                calls.post("/api/v1/plans", "/api/v1/plans", Map.of("kind", "apply")),
                400,
                "request.missing-key");
        calls.refused(
                calls.post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of("kind", "destroy", "cluster", "no")),
                404,
                "cluster.unknown");
        calls.refused(
                calls.post(
                        "/api/v1/plans", "/api/v1/plans", Map.of("kind", "apply", "clustr", "x")),
                400,
                "request.unknown-key");
        calls.refused(
                calls.post("/api/v1/runs", "/api/v1/runs", Map.of()), 400, "request.missing-key");
        calls.refused(
                calls.post("/api/v1/runs", "/api/v1/runs", Map.of("plan", "sha256:0")),
                404,
                "plan.unknown");
        calls.refused(calls.get("/api/v1/plans/{digest}", "/api/v1/plans/x"), 404, "plan.unknown");
        calls.refused(
                calls.get("/api/v1/runs", "/api/v1/runs?limit=many"), 400, "request.malformed");
        HttpResponse<String> text =
                engine.send(
                        engine.request("/api/v1/plans")
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("x")));
        calls.refused(text, 415, "request.media-type");
        HttpResponse<String> method = engine.send(engine.request("/api/v1/plans").DELETE());
        calls.refused(method, 405, "request.method");
        assertThat(method.headers().firstValue("Allow")).isPresent();
        calls.refused(engine.get("/api/v1/nothing"), 404, "request.not-found");
    }

    @Test
    void showsItself() {
        JsonNode self = calls.json(calls.get("/api/v1/engine", "/api/v1/engine"));
        assertThat(self.path("status").asString()).isEqualTo("up");
        assertThat(self.path("providers").toString()).contains("memory");
        for (String kind : List.of("task", "workflow", "interface", "cluster", "profile", "pack")) {
            calls.get("/api/v1/schemas/{kind}.json", "/api/v1/schemas/" + kind + ".json");
        }
        calls.refused(
                calls.get("/api/v1/schemas/{kind}.json", "/api/v1/schemas/car.json"),
                404,
                "schema.unknown");
        assertThat(calls.get("/api/v1/openapi.yaml", "/api/v1/openapi.yaml").body())
                .startsWith("openapi: 3.1");
        assertThat(calls.get("/metrics", "/metrics").body())
                .contains("formwork_transitions_total")
                .contains("formwork_commit_seconds_count")
                .contains("formwork_nodes{state=\"running\"}", "formwork_nodes{state=\"blocked\"}");
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
