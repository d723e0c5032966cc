package dev.formwork.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.FactsUpdate;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.JobLimits;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.LogAck;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleRef;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.Polled;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.ScriptRef;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/// Boot server and engine of one machine, on loopback. It speaks the real protocol, judges nothing,
/// and hands out one job after the other.
final class TestEngine implements AutoCloseable {
    static final String TOKEN = "boot-token-1";
    private static final long PATIENCE_SECONDS = 120;

    private final HttpServer server;
    private final ExecutorService threads;
    private final ModuleBundle module =
            ModuleBundle.of(Map.of("module.yaml", "kind: Task\n".getBytes(StandardCharsets.UTF_8)));
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, ByteArrayOutputStream> logs = new ConcurrentHashMap<>();
    private final BlockingQueue<Register> registrations = new LinkedBlockingQueue<>();
    private final BlockingQueue<Facts> facts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    TestEngine(@Nullable SSLContext tls) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls == null) {
            server = HttpServer.create(address, 0);
        } else {
            HttpsServer secure = HttpsServer.create(address, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secure;
        }
        threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("test-engine-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Served at `/NAME`.
    void serve(String name, byte[] bytes) {
        refusals.remove("/" + name);
        files.put("/" + name, bytes);
    }

    /// Answers `/NAME` with 403, and why.
    void refuse(String name, String why) {
        refusals.put("/" + name, why);
    }

    /// Paths and queries of all files that were asked for.
    List<String> asked() {
        return List.copyOf(asked);
    }

    void offer(Job job) {
        jobs.add(job);
    }

    /// A job that runs an inline script.
    Job job(String id, String script) {
        return job(id, "shell", null, script);
    }

    /// A job that runs an inline script in a container.
    Job job(String id, ContainerSpec container, String script) {
        return job(id, "container", container, script);
    }

    private Job job(String id, String runner, @Nullable ContainerSpec container, String script) {
        return new Job(
                new JobId(id),
                1,
                1,
                1,
                JobMode.RUN,
                "r-1",
                "demo",
                "step-" + id,
                null,
                new ModuleRef("test/module", "1.0.0", module.digest()),
                runner,
                container,
                null,
                null,
                new ScriptRef.Inline(script),
                null,
                Map.of(),
                List.of(),
                Map.of(),
                60,
                5,
                new JobLimits(1 << 20, 1 << 20),
                0L,
                null);
    }

    String log(String job) {
        ByteArrayOutputStream log = logs.get(job);
        return log == null ? "" : log.toString(StandardCharsets.UTF_8);
    }

    Register awaitRegistration() throws InterruptedException {
        return await(registrations, "a registration");
    }

    boolean hasRegistrations() {
        return !registrations.isEmpty();
    }

    Report awaitReport() throws InterruptedException {
        return await(reports, "a report");
    }

    /// Waits for a call, by its method and path.
    void awaitCall(String call) throws InterruptedException {
        String seen;
        do {
            seen = await(calls, call);
        } while (!seen.equals(call));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static <T> T await(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("not seen in " + PATIENCE_SECONDS + " seconds: " + what);
        }
        return next;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            calls.add(exchange.getRequestMethod() + " " + path);
            if (!path.startsWith("/agent/v1/")) {
                asked.add(exchange.getRequestURI().toString());
                String refusal = refusals.get(path);
                if (refusal != null) {
                    send(exchange, 403, "text/plain", refusal.getBytes(StandardCharsets.UTF_8));
                    return;
                }
                byte[] file = files.get(path);
                send(exchange, file == null ? 404 : 200, "application/octet-stream", file);
                return;
            }
            agent(exchange, path.substring("/agent/v1/".length()), body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void agent(HttpExchange exchange, String path, byte[] body)
            throws IOException, InterruptedException {
        String[] parts = path.split("/", -1);
        switch (parts[0]) {
            case "register" -> {
                registrations.add(ProtocolJson.read(body, Register.class));
                json(exchange, new Registered("m-1", "node-1", "e-1", 1, List.of()));
            }
            case "poll" -> {
                Poll poll = ProtocolJson.read(body, Poll.class);
                Job job = jobs.poll(poll.waitSeconds(), TimeUnit.SECONDS);
                json(
                        exchange,
                        new Polled(job == null ? List.of() : List.of(job), List.of(), List.of()));
            }
            case "facts" -> {
                facts.add(ProtocolJson.read(body, FactsUpdate.class).facts());
                send(exchange, 204, "application/json", null);
            }
            case "modules" -> {
                ByteArrayOutputStream zip = new ByteArrayOutputStream();
                module.writeZip(zip);
                send(exchange, 200, "application/zip", zip.toByteArray());
            }
            case "jobs" -> job(exchange, parts[1], parts[2], body);
            default -> send(exchange, 404, "text/plain", null);
        }
    }

    private void job(HttpExchange exchange, String job, String what, byte[] body)
            throws IOException {
        switch (what) {
            case "log" -> {
                ByteArrayOutputStream log =
                        logs.computeIfAbsent(job, _ -> new ByteArrayOutputStream());
                log.write(body);
                json(exchange, new LogAck(log.size()));
            }
            case "result" -> {
                reports.add(ProtocolJson.read(body, Report.class));
                send(exchange, 204, "application/json", null);
            }
            default -> send(exchange, 204, "application/json", null);
        }
    }

    private static void json(HttpExchange exchange, Object message) throws IOException {
        send(exchange, 200, "application/json", ProtocolJson.write(message));
    }

    private static void send(HttpExchange exchange, int status, String type, byte @Nullable [] body)
            throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body == null ? -1 : body.length);
        if (body != null) {
            exchange.getResponseBody().write(body);
        }
    }
}
