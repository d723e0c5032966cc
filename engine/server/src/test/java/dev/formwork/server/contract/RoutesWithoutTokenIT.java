package dev.formwork.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.server.TestEngine;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Walks every route of the document, and some that are not in it, as somebody without the token.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesWithoutTokenIT {
    private TestEngine engine;
    private Contract contract;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        engine = open(data);
        contract = Contract.read();
    }

    TestEngine open(Path data) throws IOException {
        return TestEngine.start(data);
    }

    Socket connect(URI uri) throws IOException {
        return new Socket(uri.getHost(), uri.getPort());
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    Stream<Contract.Route> closed() throws IOException {
        return Contract.read().routes().stream().filter(route -> !route.open());
    }

    @ParameterizedTest
    @MethodSource("closed")
    void asksForTheToken(Contract.Route route) {
        HttpResponse<String> answer = engine.send(request(route));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(engine.json(answer).path("code").asString()).isEqualTo("auth.required");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        contract.requireAnswer(route.method(), route.path(), answer);
    }

    @ParameterizedTest
    @MethodSource("closed")
    void refusesAnotherToken(Contract.Route route) {
        String wrong = engine.token().replace(engine.token().charAt(0), '-');
        HttpResponse<String> answer =
                engine.send(request(route).header("Authorization", "Bearer " + wrong));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(engine.json(answer).path("code").asString()).isEqualTo("auth.refused");
    }

    @Test
    void leavesHealthAloneOpen() throws IOException {
        assertThat(Contract.read().routes().stream().filter(Contract.Route::open))
                .extracting(Contract.Route::toString)
                .containsExactly("GET /health");
        HttpResponse<String> answer =
                engine.send(HttpRequest.newBuilder(engine.uri().resolve("/health")));
        assertThat(answer.body()).isEqualTo("{\"status\":\"up\"}");
        contract.requireAnswer("GET", "/health", answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/nothing", "/api", "/api/v2/runs", "/healthy", "/health/", "/agent"})
    void asksForTheTokenWhereThereIsNothing(String path) {
        HttpResponse<String> answer =
                engine.send(HttpRequest.newBuilder(engine.uri().resolve(path)));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/agent/v1/../../api/v1/runs",
                "/agent/v1/%2e%2e/%2E%2e/api/v1/runs",
                "/health/../api/v1/runs",
                "//api/v1/runs",
                "/agent/v1//../api/v1/runs",
                "/health;/../api/v1/runs",
                "/agent/v1/..;/..;/api/v1/runs",
                "/%61pi/v1/runs",
                "/API/v1/runs"
            })
    void letsNoPathLeadAroundTheToken(String path) throws IOException {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"))
                .doesNotContain(" 200 ")
                .containsAnyOf(" 400 ", " 401 ", " 404 ");
    }

    @Test
    void refusesToBeCalledByAnotherName() throws IOException {
        String authorization = "Authorization: Bearer " + engine.token() + "\r\n";

        assertThat(raw("GET /api/v1/runs HTTP/1.1\r\nHost: evil.example\r\n" + authorization))
                .contains(" 421 ");
        assertThat(raw("GET /health HTTP/1.1\r\nHost: evil.example\r\n")).contains(" 421 ");
        assertThat(raw("GET /health HTTP/1.0\r\n")).contains(" 421 ");
        assertThat(raw("GET /api/v1/runs HTTP/1.1\r\nHost: localhost:1\r\n" + authorization))
                .contains(" 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /agent/v1/poll",
                "POST /agent/v1/facts",
                "POST /agent/v1/jobs/j-1/started",
                "POST /agent/v1/jobs/j-1/result",
                "PUT /agent/v1/jobs/j-1/log?token=1&offset=0",
                "GET /agent/v1/modules/sha256:0"
            })
    void asksAgentsForTheirCredential(String route) {
        for (String credential :
                List.of("", "Bearer", "Bearer x", "Bearer m-1.x", "Bearer " + engine.token())) {
            String[] parts = route.split(" ", -1);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(engine.uri().resolve(parts[1]))
                            .header("Formwork-Protocol", "1")
                            .header("Content-Type", "application/json")
                            .method(parts[0], BodyPublishers.ofString(agentBody(parts[1])));
            if (!credential.isEmpty()) {
                request.header("Authorization", credential);
            }

            HttpResponse<String> answer = engine.send(request);

            assertThat(answer.statusCode()).as(route + " " + answer.body()).isEqualTo(401);
            assertThat(engine.json(answer).path("code").asString()).isEqualTo("agent.unauthorized");
        }
    }

    private static String agentBody(String path) {
        if (path.endsWith("result")) {
            return "{\"token\":1,\"phase\":1,\"outcome\":\"failed\",\"logBytes\":0,\"bootId\":\"b\"}";
        }
        if (path.endsWith("facts")) {
            return "{\"facts\":{\"hostname\":\"h\",\"os\":{},\"cpu\":{\"architecture\":\"a\",\"count\":1},"
                    + "\"memory\":{\"bytes\":1}}}";
        }
        return "{\"agentVersion\":\"1\",\"bootId\":\"b\",\"waitSeconds\":0,\"token\":1,\"phase\":1}";
    }

    private HttpRequest.Builder request(Contract.Route route) {
        String path = route.path().replaceAll("\\{[a-z]+}", "x");
        return HttpRequest.newBuilder(engine.uri().resolve(path))
                .header("Content-Type", "application/json")
                .method(
                        route.method(),
                        route.method().equals("GET")
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString("{}"));
    }

    /// What java.net.http would mend or refuse to send.
    private String raw(String head) throws IOException {
        try (Socket socket = connect(engine.uri())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return String.valueOf(in.readLine());
        }
    }
}
