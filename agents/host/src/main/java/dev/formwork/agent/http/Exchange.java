package dev.formwork.agent.http;

import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.transport.CaFile;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLHandshakeException;

/// One call and its answer. Goes nowhere but where it was sent: it follows no redirect.
final class Exchange {
    private static final int LARGEST = 8 << 20;
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);

    private final JsonNode call;
    private final Filling filling;
    private final Duration timeout;

    /// @param call as docs/agent-protocol.md has it
    Exchange(JsonNode call, Map<String, JsonNode> inputs) {
        this.call = call;
        this.filling = new Filling(inputs);
        this.timeout = Duration.ofMillis(call.path("timeoutMillis").asLong(30_000));
    }

    /// @param headers in small letters
    /// @param body read as UTF-8
    record Answer(int status, Map<String, String> headers, String body) {}

    String method() {
        return call.path("method").asString("GET");
    }

    /// The address as the module has it, without values.
    String shown() {
        return Filling.shown(call.path("url"));
    }

    /// @throws CallException `http.*`
    Answer answer() throws CallException, InterruptedException {
        HttpRequest request = request();
        try (HttpClient client = client();
                ExecutorService thread =
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("http-call").factory())) {
            Future<Answer> answer = thread.submit(() -> exchange(client, request));
            try {
                return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw unanswered("no answer within " + timeout.toMillis() + " ms");
            } catch (ExecutionException e) {
                throw failure(e.getCause() == null ? e : e.getCause());
            } finally {
                answer.cancel(true);
                client.shutdownNow();
            }
        }
    }

    private static Answer exchange(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException, CallException {
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes(LARGEST + 1);
            if (body.length > LARGEST) {
                throw CallException.failed(
                        "http.answer-too-large",
                        "the answer has more than "
                                + LARGEST
                                + " bytes, with status "
                                + response.statusCode());
            }
            Map<String, String> headers = new HashMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) ->
                            headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            return new Answer(
                    response.statusCode(), headers, new String(body, StandardCharsets.UTF_8));
        }
    }

    private HttpClient client() throws CallException {
        HttpClient.Builder client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(timeout.compareTo(TO_CONNECT) < 0 ? timeout : TO_CONNECT);
        if (call.has("ca")) {
            byte[] pem = filling.text(call.path("ca")).getBytes(StandardCharsets.UTF_8);
            try {
                client.sslContext(CaFile.context(new ByteArrayInputStream(pem), "`ca`"));
            } catch (IOException e) {
                throw CallException.failed("http.bad-call", "`ca` holds no certificate in PEM");
            }
        }
        return client.build();
    }

    private HttpRequest request() throws CallException {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        request.uri(uri());
        boolean typed = false;
        boolean accepts = false;
        for (Map.Entry<String, JsonNode> header : call.path("headers").properties()) {
            try {
                request.setHeader(header.getKey(), filling.text(header.getValue()));
            } catch (IllegalArgumentException e) {
                throw CallException.failed(
                        "http.bad-call",
                        "the header " + header.getKey() + " can't have this value");
            }
            typed |= header.getKey().equalsIgnoreCase("content-type");
            accepts |= header.getKey().equalsIgnoreCase("accept");
        }
        if (!accepts) {
            request.setHeader("accept", "application/json, */*;q=0.5");
        }
        if (call.has("json") && !typed) {
            request.setHeader("content-type", "application/json");
        }
        return request.method(method(), body()).build();
    }

    private BodyPublisher body() throws CallException {
        if (call.has("json")) {
            return BodyPublishers.ofByteArray(ProtocolJson.write(filling.value(call.path("json"))));
        }
        return call.has("body")
                ? BodyPublishers.ofString(filling.text(call.path("body")))
                : BodyPublishers.noBody();
    }

    private URI uri() throws CallException {
        String address = filling.address(call.path("url"));
        try {
            URI uri = new URI(address);
            boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (known && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Its message has the address, and with it values.
        }
        throw CallException.failed(
                "http.bad-call",
                shown() + " with its inputs is no address of http or https, without a user in it");
    }

    private CallException failure(Throwable cause) {
        return switch (cause) {
            case CallException e -> e;
            case HttpConnectTimeoutException _ -> unreachable("it does not answer");
            case ConnectException e ->
                    unreachable(
                            e.getCause() instanceof UnresolvedAddressException
                                    ? "its name has no address"
                                    : "nobody listens there, or no way leads there");
            case SSLHandshakeException e ->
                    CallException.failed(
                            "http.untrusted",
                            shown() + " can't be spoken to by TLS: " + e.getMessage());
            case HttpTimeoutException _ -> unanswered("no answer in time");
            case IOException _ -> unanswered("the connection broke");
            default -> throw new IllegalStateException("a call failed unexpectedly", cause);
        };
    }

    /// Of what is none of the network's failures.
    CallException failedUnexpectedly(String why) {
        return unanswered("the call was given up, " + why);
    }

    private CallException unreachable(String why) {
        return CallException.failed("http.unreachable", shown() + " can't be reached: " + why);
    }

    /// Where the method may do twice what it is to do once, somebody has to know.
    private CallException unanswered(String why) {
        String detail = method() + " " + shown() + " got no answer: " + why;
        return method().equals("POST") || method().equals("PATCH")
                ? CallException.unknown("http.no-answer", detail)
                : CallException.failed("http.no-answer", detail);
    }
}
