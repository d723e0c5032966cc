package dev.formwork.agent.container;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A registry on loopback that speaks as the public ones do: it wants a token, which it gives to
/// anybody, and sends those who want a blob elsewhere. It can also serve any file.
public final class TestRegistry implements AutoCloseable {
    private static final String TOKEN = "t0k.en-";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, String> tags = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean hangs;

    public TestRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /// `127.0.0.1:PORT`.
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// An image of the repository `test/image`.
    public void add(TestImage image, String tag) {
        tags.put(tag, image.index());
        blobs.putAll(image.blobs());
    }

    /// Other bytes under a digest.
    public void replace(String digest, byte[] bytes) {
        blobs.put(digest, bytes);
    }

    /// A file at `/files/NAME`.
    public String serve(String name, byte[] bytes) {
        files.put("/files/" + name, bytes);
        return "http://" + address() + "/files/" + name;
    }

    /// The next calls are answered with 503.
    public void fail(int times) {
        failures.set(times);
    }

    /// From now on calls are taken, and files come without an end.
    public void hang() {
        hangs = true;
    }

    public List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            calls.add(path);
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                answer(exchange, 503, new byte[0]);
            } else if (hangs) {
                hang(exchange);
            } else if (path.equals("/token")) {
                token(exchange);
            } else if (path.startsWith("/elsewhere/")) {
                // Whoever is sent here has no business with the token.
                boolean told = exchange.getRequestHeaders().containsKey("Authorization");
                found(exchange, told ? null : blobs.get(path.substring("/elsewhere/".length())));
            } else if (path.startsWith("/v2/test/image/")) {
                registry(exchange, path.substring("/v2/test/image/".length()));
            } else {
                found(exchange, files.get(path));
            }
        }
    }

    private void registry(HttpExchange exchange, String path) throws IOException {
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://%s/token\",service=\"test\",scope=\"repository:test/image:pull\""
                                    .formatted(address()));
            answer(exchange, 401, new byte[0]);
        } else if (path.startsWith("manifests/")) {
            String wanted = path.substring("manifests/".length());
            found(exchange, blobs.get(tags.getOrDefault(wanted, wanted)));
        } else {
            String digest = path.substring("blobs/".length());
            // Another name of the same host, as far as a client can see.
            exchange.getResponseHeaders()
                    .add("Location", "http://localhost:" + port() + "/elsewhere/" + digest);
            answer(exchange, 307, new byte[0]);
        }
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private void token(HttpExchange exchange) throws IOException {
        boolean right =
                "scope=repository:test/image:pull&service=test"
                        .equals(exchange.getRequestURI().getQuery());
        answer(
                exchange,
                right ? 200 : 400,
                ("{\"token\": \"" + TOKEN + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private void hang(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(new byte[1024]);
        exchange.getResponseBody().flush();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void found(HttpExchange exchange, byte @Nullable [] body) throws IOException {
        answer(exchange, body == null ? 404 : 200, body == null ? new byte[0] : body);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
