package dev.formwork.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.server.TestEngine;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the API, each answer held against the document.
record ApiCalls(TestEngine engine, Contract contract) {
    /// With the word that its machines say.
    static final String CLUSTER =
            """
            kind: Cluster
            name: demo
            workflow: greeting
            groups:
              members: {count: 2, provider: memory}
            with: {word: %s}
            """;

    JsonNode plan(String yaml) {
        HttpResponse<String> answer =
                post(
                        "/api/v1/plans",
                        "/api/v1/plans",
                        Map.of("kind", "apply", "cluster_yaml", yaml));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer);
    }

    String approved(JsonNode plan) {
        String digest = plan.path("digest").asString();
        post("/api/v1/plans/{digest}/approve", "/api/v1/plans/" + digest + "/approve", Map.of());
        return digest;
    }

    JsonNode ended(String run) {
        return contractual(engine.ended(run), run);
    }

    JsonNode contractual(JsonNode ended, String run) {
        assertThat(json(get("/api/v1/runs/{run}", "/api/v1/runs/" + run))).isEqualTo(ended);
        return ended;
    }

    static List<String> after(JsonNode plan, String key) {
        List<String> after = new ArrayList<>();
        for (JsonNode node : plan.path("nodes")) {
            if (node.path("key").asString().equals(key)) {
                node.path("after").forEach(each -> after.add(each.asString()));
            }
        }
        return after;
    }

    HttpResponse<String> get(String route, String path) {
        HttpResponse<String> answer = engine.get(path);
        contract.requireAnswer("GET", route, answer);
        return answer;
    }

    HttpResponse<String> post(String route, String path, Object body) {
        HttpResponse<String> answer = engine.post(path, body);
        contract.requireAnswer("POST", route, answer);
        return answer;
    }

    JsonNode refused(HttpResponse<String> answer, int status, String code) {
        assertThat(json(answer).path("code").asString()).as(answer.body()).isEqualTo(code);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        contract.requireValid("ProblemAnswer", answer.body());
        return json(answer);
    }

    JsonNode json(HttpResponse<String> answer) {
        return engine.json(answer);
    }
}
