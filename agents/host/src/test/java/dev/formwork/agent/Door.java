package dev.formwork.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

/// One address of a [FakeEngine], on a free port of the loopback interface. An engine with two of
/// them is what two engines on one store are to an agent.
final class Door implements AutoCloseable {
    private final HttpHandler engine;
    private final @Nullable SSLContext tls;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile boolean unavailable;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean hangs;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;
    private int port;

    private Door(HttpHandler engine, @Nullable SSLContext tls) {
        this.engine = engine;
        this.tls = tls;
    }

    static Door open(HttpHandler engine, @Nullable SSLContext tls) throws IOException {
        Door door = new Door(engine, tls);
        door.open();
        return door;
    }

    /// On the port that it had before, if any.
    void open() throws IOException {
        HttpServer started = server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        threads = Executors.newVirtualThreadPerTaskExecutor();
        started.setExecutor(threads);
        started.createContext("/agent/v1/", this::handle);
        started.start();
        port = started.getAddress().getPort();
        server = started;
    }

    private HttpServer server(InetSocketAddress address) throws IOException {
        if (tls == null) {
            return HttpServer.create(address, 0);
        }
        HttpsServer secure = HttpsServer.create(address, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        return secure;
    }

    private void handle(HttpExchange exchange) throws IOException {
        calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        if (hangs) {
            awaitClosed();
            exchange.close();
        } else if (unavailable) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        } else {
            engine.handle(exchange);
        }
    }

    /// From now on all calls are answered with 503.
    void refuseService() {
        unavailable = true;
    }

    /// From now on all calls are taken and none is answered, as by a process that was stopped.
    void hang() {
        hangs = true;
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Methods and paths of what came.
    List<String> calls() {
        return List.copyOf(calls);
    }

    URI url() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + port);
    }

    /// As if the engine behind it had died: whatever is under way breaks.
    @Override
    public void close() {
        closed.countDown();
        if (server != null) {
            server.stop(0);
            server = null;
        }
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }
}
