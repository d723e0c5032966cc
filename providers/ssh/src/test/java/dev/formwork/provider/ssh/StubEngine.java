package dev.formwork.provider.ssh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.JobLimits;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.LogAck;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleRef;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.Polled;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.ScriptRef;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// An engine as many agents see it, whose boot token of machine `m-7` is `the-token-7`: has one job
/// for each when the test says so, and holds polls as an engine does, one of each machine.
final class StubEngine implements AutoCloseable {
    private static final int POLL_SECONDS = 60;
    private static final ModuleBundle MODULE =
            ModuleBundle.of(Map.of("module.yaml", "kind: Task\n".getBytes(StandardCharsets.UTF_8)));

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Seen> machines = new HashMap<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("stub-engine-", 0).factory());
    private final HttpServer server;

    /// What is known of a machine. Guarded by the lock.
    private static final class Seen {
        /// Of all polls, in their order.
        private final List<String> processes = new ArrayList<>();

        private final List<Outcome> outcomes = new ArrayList<>();
        private String script = "";
        private boolean isStarted;
        private boolean isHeld;
    }

    StubEngine() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        server.setExecutor(threads);
        server.createContext("/agent/v1/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:%d".formatted(server.getAddress().getPort()));
    }

    /// One job for each machine that has registered.
    void offerAll(String script) {
        locked(() -> machines.values().forEach(seen -> seen.script = script));
    }

    /// Answers all polls that are held with nothing.
    void sendAllHome() {
        locked(() -> machines.values().forEach(seen -> seen.isHeld = false));
    }

    /// How many machines have a poll that is held.
    int held() {
        return count(seen -> seen.isHeld);
    }

    /// How many machines have done their job, and that once.
    int done() {
        return count(seen -> seen.outcomes.equals(List.of(Outcome.SUCCEEDED)));
    }

    /// Of how many machines a newer worker polls than before.
    int held(Map<String, String> before) {
        lock.lock();
        try {
            return (int)
                    machines.entrySet().stream()
                            .filter(each -> each.getValue().isHeld)
                            .filter(each ->
                                    !each.getValue()
                                            .processes
                                            .getLast()
                                            .equals(before.get(each.getKey())))
                            .count();
        } finally {
            lock.unlock();
        }
    }

    /// Which worker each machine's last poll is of.
    Map<String, String> workers() {
        lock.lock();
        try {
            Map<String, String> workers = new HashMap<>();
            machines.forEach((machine, seen) -> workers.put(machine, seen.processes.getLast()));
            return workers;
        } finally {
            lock.unlock();
        }
    }

    /// How often the worker of before has polled after the next one had: at most.
    long mostLate(Map<String, String> before) {
        lock.lock();
        try {
            return machines.entrySet().stream()
                    .mapToLong(
                            each -> late(each.getValue(), before.getOrDefault(each.getKey(), "")))
                    .max()
                    .orElse(0);
        } finally {
            lock.unlock();
        }
    }

    private static long late(Seen seen, String before) {
        return seen.processes.stream()
                .dropWhile(process -> process.equals(before))
                .filter(process -> process.equals(before))
                .count();
    }

    private int count(Predicate<Seen> wanted) {
        lock.lock();
        try {
            return (int) machines.values().stream().filter(wanted).count();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        byte[] body = exchange.getRequestBody().readAllBytes();
        byte[] answer;
        try {
            answer = answer(exchange, path, body);
        } catch (InterruptedException closing) {
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(
                answer.length == 0 ? 204 : 200, answer.length == 0 ? -1 : answer.length);
        if (answer.length > 0) {
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }

    private byte[] answer(HttpExchange exchange, String[] path, byte[] body)
            throws IOException, InterruptedException {
        String call = path[3];
        if (call.equals("register")) {
            String token = ProtocolJson.read(body, Register.class).bootToken();
            String machine = "m-" + token.substring("the-token-".length());
            locked(() -> machines.put(machine, new Seen()));
            return ProtocolJson.write(
                    new Registered(machine, "many", "engine-one", POLL_SECONDS, List.of()));
        }
        if (call.equals("modules")) {
            ByteArrayOutputStream zip = new ByteArrayOutputStream();
            MODULE.writeZip(zip);
            return zip.toByteArray();
        }
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        String machine = bearer.substring("Bearer ".length(), bearer.indexOf('.'));
        return switch (path[path.length - 1]) {
            case "poll" -> poll(machine, ProtocolJson.read(body, Poll.class));
            case "started" -> {
                locked(() -> seen(machine).isStarted = true);
                yield new byte[0];
            }
            case "result" -> {
                Outcome outcome = ProtocolJson.read(body, Report.class).outcome();
                locked(() -> seen(machine).outcomes.add(outcome));
                yield new byte[0];
            }
            case "log" -> {
                String query = exchange.getRequestURI().getQuery();
                long offset = Long.parseLong(query.substring(query.lastIndexOf('=') + 1));
                yield ProtocolJson.write(new LogAck(offset + body.length));
            }
            default -> new byte[0];
        };
    }

    private Seen seen(String machine) {
        Seen seen = machines.get(machine);
        if (seen == null) {
            throw new IllegalStateException(machine + " has not registered");
        }
        return seen;
    }

    private byte[] poll(String machine, Poll poll) throws InterruptedException {
        lock.lock();
        try {
            Seen seen = seen(machine);
            seen.processes.add(poll.number() == null ? "" : poll.number().process());
            int number = seen.processes.size();
            seen.isHeld = true;
            // A later poll sends this one home.
            changed.signalAll();
            long nanos = TimeUnit.SECONDS.toNanos(poll.waitSeconds());
            while (seen.isHeld
                    && number == seen.processes.size()
                    && nanos > 0
                    && (seen.script.isEmpty() || seen.isStarted)) {
                nanos = changed.awaitNanos(nanos);
            }
            if (number == seen.processes.size()) {
                seen.isHeld = false;
            }
            List<Job> jobs =
                    seen.script.isEmpty() || seen.isStarted
                            ? List.of()
                            : List.of(job(machine, seen.script));
            return ProtocolJson.write(new Polled(jobs, List.of(), List.of()));
        } finally {
            lock.unlock();
        }
    }

    private static Job job(String machine, String script) {
        return new Job(
                new JobId("j-" + machine),
                1,
                1,
                1,
                JobMode.RUN,
                "r-1",
                "many",
                "it",
                null,
                new ModuleRef("many/it", "1.0.0", MODULE.digest()),
                "shell",
                null,
                null,
                null,
                new ScriptRef.Inline(script),
                null,
                Map.of(),
                List.of(),
                Map.of(),
                600,
                5,
                new JobLimits(1 << 16, 1 << 16),
                0L,
                null);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
