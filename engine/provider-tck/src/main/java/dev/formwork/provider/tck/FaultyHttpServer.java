package dev.formwork.provider.tck;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.formwork.provider.tck.HttpService.Request;
import dev.formwork.provider.tck.HttpService.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

/// An HTTP server on the loopback, for a test's place, that counts the calls and fails where it is
/// told to. Thread-safe.
public final class FaultyHttpServer implements AutoCloseable {
    private final HttpService service;
    private final Map<Fault, Function<Request, Response>> refusals;
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("place-", 0).factory());

    private int calls;
    private int faultyFrom = Integer.MAX_VALUE;
    private int faultyBefore = Integer.MAX_VALUE;
    private @Nullable Fault fault;
    private CountDownLatch stuck = new CountDownLatch(1);
    private CountDownLatch mended = new CountDownLatch(1);

    /// @param refusals how this service says that which only it can say: THROTTLED, OUT_OF_ORDER,
    ///   CREDENTIALS, QUOTA. One that is not there does not happen in this place
    public FaultyHttpServer(HttpService service, Map<Fault, Function<Request, Response>> refusals) {
        this(service, refusals, null);
    }

    /// By TLS.
    public FaultyHttpServer(
            HttpService service,
            Map<Fault, Function<Request, Response>> refusals,
            @Nullable SSLContext tls) {
        this.service = service;
        this.refusals = Map.copyOf(refusals);
        this.scheme = tls == null ? "http" : "https";
        try {
            InetSocketAddress anyPort =
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            if (tls == null) {
                server = HttpServer.create(anyPort, 0);
            } else {
                HttpsServer secure = HttpsServer.create(anyPort, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI uri() {
        return URI.create("%s://127.0.0.1:%d".formatted(scheme, server.getAddress().getPort()));
    }

    /// The faults that can happen here.
    Set<Fault> faults() {
        Set<Fault> all = EnumSet.copyOf(Fault.ofTheNetwork());
        all.addAll(refusals.keySet());
        return all;
    }

    /// From now on the calls are counted anew, and the one of this number (0 is the next) fails so.
    synchronized void failAt(int call, Fault kind) {
        fail(call, call + 1, kind);
    }

    /// From now on the calls are counted anew, and every one fails so.
    synchronized void failAll(Fault kind) {
        fail(0, Integer.MAX_VALUE, kind);
    }

    private void fail(int from, int before, Fault kind) {
        mend();
        faultyFrom = from;
        faultyBefore = before;
        fault = kind;
    }

    /// Nothing fails any more; what is stuck is closed.
    synchronized void mend() {
        calls = 0;
        fault = null;
        mended.countDown();
        mended = new CountDownLatch(1);
        stuck = new CountDownLatch(1);
    }

    /// The calls since the last change of what fails.
    synchronized int calls() {
        return calls;
    }

    /// Waits until a call is stuck.
    void awaitStuck() throws InterruptedException {
        CountDownLatch waitsFor;
        synchronized (this) {
            waitsFor = stuck;
        }
        waitsFor.await();
    }

    @Override
    public void close() {
        mend();
        server.stop(0);
        threads.close();
    }

    private synchronized @Nullable Fault nextFault() {
        int call = calls++;
        return call >= faultyFrom && call < faultyBefore ? fault : null;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = read(exchange);
            Fault now = nextFault();
            switch (now) {
                case null -> send(exchange, service.answer(request));
                case REFUSED -> {}
                case LOST_ANSWER -> service.answer(request);
                case CUT_ANSWER -> sendHalf(exchange, service.answer(request));
                case STUCK -> {
                    service.answer(request);
                    hold();
                }
                case GARBAGE -> {
                    service.answer(request);
                    send(
                            exchange,
                            Response.of(200, "text/html", "<html><b>Welcome to nginx!</b></html"));
                }
                case THROTTLED, OUT_OF_ORDER, CREDENTIALS, QUOTA ->
                        send(exchange, refusal(now).apply(request));
            }
        }
    }

    private Function<Request, Response> refusal(Fault kind) {
        Function<Request, Response> refusal = refusals.get(kind);
        if (refusal == null) {
            throw new IllegalStateException("this place has no words for " + kind);
        }
        return refusal;
    }

    private void hold() {
        CountDownLatch until;
        synchronized (this) {
            until = mended;
            stuck.countDown();
        }
        try {
            until.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        byte[] body = begin(exchange, response);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void sendHalf(HttpExchange exchange, Response response) throws IOException {
        if (response.body().isEmpty()) {
            return;
        }
        byte[] body = begin(exchange, response);
        exchange.getResponseBody().write(body, 0, body.length / 2);
        exchange.getResponseBody().flush();
    }

    /// Sends the head, and says what is to follow.
    private static byte[] begin(HttpExchange exchange, Response response) throws IOException {
        byte[] body =
                exchange.getRequestMethod().equals("HEAD")
                        ? new byte[0]
                        : response.body().getBytes(StandardCharsets.UTF_8);
        response.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        return body;
    }
}
