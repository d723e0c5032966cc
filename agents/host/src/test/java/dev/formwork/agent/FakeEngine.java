package dev.formwork.agent;

import com.sun.net.httpserver.HttpExchange;

import dev.formwork.agent.protocol.Cancel;
import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.FactsUpdate;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.LogAck;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.Polled;
import dev.formwork.agent.protocol.ProblemAnswer;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.Started;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import javax.net.ssl.SSLContext;

/// An engine as an agent sees it, for one machine, behind a [Door] or several. It speaks the real
/// protocol and judges nothing: tests offer jobs, and look at what came. Can be stopped and started
/// again on its port, and can lose answers.
final class FakeEngine implements AutoCloseable {
    static final String BOOT_TOKEN = "boot-token";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final @Nullable SSLContext tls;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<JobId, Job> offered = new LinkedHashMap<>();
    private final Map<JobId, Cancel> cancels = new LinkedHashMap<>();
    private final Map<JobId, Long> tokens = new HashMap<>();
    private final Map<String, ByteArrayOutputStream> logs = new HashMap<>();
    private final Map<ModuleDigest, byte[]> modules = new HashMap<>();
    private final List<Result> results = new ArrayList<>();
    private final List<String> starts = new ArrayList<>();
    private final List<Poll> polls = new ArrayList<>();
    private volatile int pollSeconds = 1;
    private final List<Facts> facts = new ArrayList<>();
    private final List<Register> registrations = new ArrayList<>();
    private Predicate<String> losesAnswer = path -> false;
    private Predicate<String> refusesService = path -> false;
    private List<String> engines = List.of();
    private final List<Door> doors = new ArrayList<>();
    private final Door door;

    private FakeEngine(@Nullable SSLContext tls) throws IOException {
        this.tls = tls;
        this.door = openDoor();
    }

    static FakeEngine start() throws IOException {
        return started(null);
    }

    static FakeEngine started(@Nullable SSLContext tls) throws IOException {
        return new FakeEngine(tls);
    }

    void startServer() throws IOException {
        door.open();
    }

    void stopServer() {
        door.close();
    }

    /// One more address of the same: another engine on the same store.
    Door openDoor() throws IOException {
        Door another = Door.open(this::handle, tls);
        doors.add(another);
        return another;
    }

    @Override
    public void close() {
        doors.forEach(Door::close);
    }

    Door door() {
        return door;
    }

    URI url() {
        return door.url();
    }

    // What tests do

    ModuleDigest add(ModuleBundle bundle) {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try {
            bundle.writeZip(zip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return serve(bundle.digest(), zip.toByteArray());
    }

    ModuleDigest serve(ModuleDigest digest, byte[] zip) {
        locked(() -> modules.put(digest, zip));
        return digest;
    }

    void offer(Job job) {
        locked(() -> {
            offered.put(job.id(), job);
            tokens.merge(job.id(), job.token(), Math::max);
        });
    }

    void cancel(Job job, Duration grace) {
        locked(() -> cancels.put(job.id(), new Cancel(job.id(), job.token(), grace.toSeconds())));
    }

    /// From now on, calls whose method and path fit are carried out and never answered.
    void loseAnswers(Predicate<String> call) {
        locked(() -> losesAnswer = call);
    }

    /// From now on, calls whose method and path fit are answered with 503.
    void refuseService(Predicate<String> call) {
        locked(() -> refusesService = call);
    }

    /// From now on, agents are told that there are engines at these addresses.
    void tell(URI... urls) {
        locked(() -> engines = Arrays.stream(urls).map(URI::toString).toList());
    }

    // What tests look at

    Report awaitReport(JobId job, long token, int phase) {
        await(
                "the end of " + job + " " + token + "/" + phase,
                () -> found(job, token, phase) != null);
        return Objects.requireNonNull(found(job, token, phase));
    }

    Report awaitReport(Job job) {
        return awaitReport(job.id(), job.token(), job.phase());
    }

    String log(Job job) {
        return new String(logBytes(job), StandardCharsets.UTF_8);
    }

    byte[] logBytes(Job job) {
        lock.lock();
        try {
            return log(job.id(), job.token()).toByteArray();
        } finally {
            lock.unlock();
        }
    }

    void awaitLog(Job job, String part) {
        await(part + " in the log of " + job, () -> log(job).contains(part));
    }

    void awaitStart(Job job) {
        await("start of " + job, () -> starts().contains(start(job)));
    }

    static String start(Job job) {
        return job.id() + " " + job.token() + "/" + job.phase();
    }

    /// Whether the job is in the answer to the next poll.
    boolean offers(Job job) {
        lock.lock();
        try {
            return offered.containsKey(job.id());
        } finally {
            lock.unlock();
        }
    }

    List<String> starts() {
        return copy(starts);
    }

    List<Report> reports() {
        return copy(results).stream().map(Result::report).toList();
    }

    /// Has agents that register from now on ask for polls as long as that.
    void holdPolls(int seconds) {
        pollSeconds = seconds;
    }

    List<Poll> polls() {
        return copy(polls);
    }

    List<Facts> facts() {
        return copy(facts);
    }

    List<Register> registrations() {
        return copy(registrations);
    }

    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("not seen in " + PATIENCE + ": " + what);
                }
                // Conditions may look at files as well, which signal nothing.
                changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    // The wire

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/agent/v1/".length());
        String call = exchange.getRequestMethod() + " " + path;
        byte[] body = exchange.getRequestBody().readAllBytes();
        Answer answer;
        boolean lost;
        try {
            answer = answer(exchange, call, path, body);
        } catch (InterruptedException e) {
            exchange.close();
            return;
        } catch (RuntimeException e) {
            answer = problem(500, "fake.fault", e.toString(), null);
        }
        lock.lock();
        try {
            lost = losesAnswer.test(call);
        } finally {
            lock.unlock();
        }
        if (!lost) {
            exchange.getResponseHeaders().add("Content-Type", answer.type);
            boolean empty = answer.body.length == 0;
            exchange.sendResponseHeaders(answer.status, empty ? -1 : answer.body.length);
            if (!empty) {
                exchange.getResponseBody().write(answer.body);
            }
        }
        exchange.close();
    }

    private Answer answer(HttpExchange exchange, String call, String path, byte[] body)
            throws InterruptedException {
        lock.lock();
        try {
            changed.signalAll();
            if (refusesService.test(call)) {
                return new Answer(503, "text/plain", new byte[0]);
            }
            if (!"1".equals(exchange.getRequestHeaders().getFirst("Formwork-Protocol"))) {
                return problem(400, "agent.protocol", "no version", null);
            }
            if (path.equals("register")) {
                return register(ProtocolJson.read(body, Register.class));
            }
            String expected =
                    registrations.isEmpty()
                            ? null
                            : "Bearer m-1." + registrations.getFirst().credential();
            if (expected == null
                    || !expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                return problem(401, "auth.unknown", "who are you", null);
            }
            String[] parts = path.split("/", -1);
            return switch (parts[0]) {
                case "poll" -> poll(ProtocolJson.read(body, Poll.class));
                case "facts" -> {
                    facts.add(ProtocolJson.read(body, FactsUpdate.class).facts());
                    yield Answer.empty();
                }
                case "modules" -> module(parts[1]);
                case "jobs" -> job(new JobId(parts[1]), parts[2], exchange.getRequestURI(), body);
                default -> problem(404, "http.not-found", path, null);
            };
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    private Answer register(Register register) {
        registrations.add(register);
        boolean sameCredential =
                register.credential().equals(registrations.getFirst().credential());
        return register.bootToken().equals(BOOT_TOKEN) && sameCredential
                ? Answer.json(new Registered("m-1", "node-1", "e-1", pollSeconds, engines))
                : problem(403, ProblemAnswer.TOKEN_USED, "no", null);
    }

    private Answer poll(Poll poll) throws InterruptedException {
        polls.add(poll);
        long nanos = Duration.ofSeconds(poll.waitSeconds()).toNanos();
        while (offered.isEmpty() && cancels.isEmpty() && nanos > 0) {
            nanos = changed.awaitNanos(nanos);
        }
        return Answer.json(
                new Polled(List.copyOf(offered.values()), List.copyOf(cancels.values()), engines));
    }

    private Answer module(String digest) {
        byte[] zip = modules.get(new ModuleDigest(digest));
        return zip == null
                ? problem(404, "module.unknown", digest, null)
                : new Answer(200, "application/zip", zip);
    }

    private Answer job(JobId id, String what, URI uri, byte[] body) {
        Long newest = tokens.get(id);
        if (newest == null) {
            return problem(404, "job.unknown", id.value(), null);
        }
        return switch (what) {
            case "started" -> {
                Started started = ProtocolJson.read(body, Started.class);
                if (started.token() < newest) {
                    yield problem(409, ProblemAnswer.FENCED, "older", null);
                }
                starts.add(id + " " + started.token() + "/" + started.phase());
                Job job = offered.get(id);
                if (job != null && job.token() == started.token()) {
                    offered.remove(id);
                }
                yield Answer.empty();
            }
            case "log" -> log(id, newest, uri.getQuery(), body);
            case "result" -> {
                Report report = ProtocolJson.read(body, Report.class);
                if (report.token() < newest) {
                    yield problem(409, ProblemAnswer.FENCED, "older", null);
                }
                results.add(new Result(id, report));
                cancels.remove(id);
                offered.remove(id);
                yield Answer.empty();
            }
            default -> problem(404, "http.not-found", what, null);
        };
    }

    private Answer log(JobId id, long newest, String query, byte[] bytes) {
        String[] values = query.replaceAll("[a-z]+=", "").split("&", -1);
        long token = Long.parseLong(values[0]);
        long offset = Long.parseLong(values[1]);
        if (token < newest) {
            return problem(409, ProblemAnswer.FENCED, "older", null);
        }
        ByteArrayOutputStream log = log(id, token);
        if (offset > log.size()) {
            return problem(409, ProblemAnswer.LOG_GAP, "gap", (long) log.size());
        }
        int known = (int) Math.min(bytes.length, log.size() - offset);
        log.write(bytes, known, bytes.length - known);
        return Answer.json(new LogAck(log.size()));
    }

    private ByteArrayOutputStream log(JobId id, long token) {
        return logs.computeIfAbsent(id + " " + token, key -> new ByteArrayOutputStream());
    }

    private @Nullable Report found(JobId job, long token, int phase) {
        return copy(results).stream()
                .filter(result -> result.job().equals(job))
                .map(Result::report)
                .filter(report -> report.token() == token && report.phase() == phase)
                .findFirst()
                .orElse(null);
    }

    private record Result(JobId job, Report report) {}

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> List<T> copy(List<T> list) {
        lock.lock();
        try {
            return List.copyOf(list);
        } finally {
            lock.unlock();
        }
    }

    private static Answer problem(int status, String code, String detail, @Nullable Long next) {
        return new Answer(
                status,
                "application/problem+json",
                ProtocolJson.write(new ProblemAnswer(code, detail, null, next)));
    }

    private static final class Answer {
        private final int status;
        private final String type;
        private final byte[] body;

        Answer(int status, String type, byte[] body) {
            this.status = status;
            this.type = type;
            this.body = body;
        }

        static Answer empty() {
            return new Answer(204, "application/json", new byte[0]);
        }

        static Answer json(Object message) {
            return new Answer(200, "application/json", ProtocolJson.write(message));
        }
    }
}
