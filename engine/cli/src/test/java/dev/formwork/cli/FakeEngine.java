package dev.formwork.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/// Answers real HTTP with what it was told, in the forms of the API's contract.
final class FakeEngine implements AutoCloseable {
    private record Answer(int status, String type, String body) {}

    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final Map<String, List<String>> bodies = new HashMap<>();
    private final Set<String> unfinished = ConcurrentHashMap.newKeySet();
    private final List<String> lastEventIds = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> breaks = request -> false;
    private final HttpServer server;

    /// @param data gets `engine.json` and `api-token`
    FakeEngine(Path data) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::handle);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            Files.createDirectories(data);
            Files.writeString(data.resolve("api-token"), "secret-token\n");
            Files.writeString(
                    data.resolve("engine.json"),
                    "{\"url\":\"http://127.0.0.1:%d\",\"pid\":1}"
                            .formatted(server.getAddress().getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a server", e);
        }
    }

    /// The run `r-1` as the API has it.
    static String run(String state) {
        return """
        {"id": "r-1", "cluster": "demo", "kind": "apply", "plan": "sha256:00", "state": "%s",
         "requested_by": "me", "reason": "", "created_at": "2026-11-21T09:00:00Z",
         "nodes": {"%s": 1}}
        """
                .formatted(state, state);
    }

    /// @param call such as `GET /api/v1/runs/r-1`, without its query
    FakeEngine on(String call, String json) {
        answers.put(call, new Answer(200, "application/json", json));
        return this;
    }

    FakeEngine events(String... lines) {
        answers.put(
                "GET /api/v1/events",
                new Answer(200, "text/event-stream", String.join("\n", lines) + "\n\n"));
        return this;
    }

    /// A part of a log that is not its end.
    FakeEngine onUnfinished(String call, String log) {
        unfinished.add(call);
        return on(call, log);
    }

    /// From now on, takes the requests that fit (as [#requests] has them) and answers nothing.
    FakeEngine breakOn(Predicate<String> request) {
        breaks = request;
        return this;
    }

    /// What clients that came again said to have of the events.
    List<String> lastEventIds() {
        return List.copyOf(lastEventIds);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    FakeEngine refuse(String call, int status, String json) {
        answers.put(call, new Answer(status, "application/problem+json", json));
        return this;
    }

    /// What was sent with a call, one each time.
    List<String> bodies(String call) {
        synchronized (calls) {
            return List.copyOf(bodies.getOrDefault(call, List.of()));
        }
    }

    List<String> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /// As [#calls], with their queries.
    List<String> requests() {
        synchronized (calls) {
            return List.copyOf(requests);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
        String query = exchange.getRequestURI().getRawQuery();
        String request = query == null ? call : call + "?" + query;
        synchronized (calls) {
            calls.add(call);
            requests.add(request);
        }
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID"))
                .ifPresent(lastEventIds::add);
        if (breaks.test(request)) {
            exchange.getRequestBody().readAllBytes();
            exchange.close();
            return;
        }
        boolean allowed =
                "Bearer secret-token"
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"));
        Answer answer =
                allowed
                        ? answers.getOrDefault(
                                call, new Answer(404, "application/problem+json", problem(call)))
                        : new Answer(401, "application/problem+json", problem("no token"));
        byte[] body = from(query, answer.body.getBytes(StandardCharsets.UTF_8));
        String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (calls) {
            bodies.computeIfAbsent(call, _ -> new ArrayList<>()).add(sent);
        }
        exchange.getResponseHeaders().set("Content-Type", answer.type);
        exchange.getResponseHeaders()
                .set("Formwork-Log-Complete", String.valueOf(!unfinished.contains(call)));
        exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /// Of a console the part that is asked for.
    private static byte[] from(@Nullable String query, byte[] body) {
        if (query == null || !query.matches("offset=[0-9]{1,9}")) {
            return body;
        }
        int offset = Integer.parseInt(query.substring("offset=".length()));
        return Arrays.copyOfRange(body, Math.min(offset, body.length), body.length);
    }

    private static String problem(String detail) {
        return "{\"code\":\"fake.unknown\",\"detail\":\"" + detail + "\",\"problems\":[]}";
    }
}
