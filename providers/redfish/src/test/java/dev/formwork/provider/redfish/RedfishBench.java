package dev.formwork.provider.redfish;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Steps;
import dev.formwork.provider.redfish.RedfishProvider.Waiting;
import dev.formwork.provider.redfish.client.Trust;
import dev.formwork.provider.tck.Fault;
import dev.formwork.provider.tck.FaultyHttpServer;
import dev.formwork.provider.tck.HttpService.Request;
import dev.formwork.provider.tck.HttpService.Response;
import dev.formwork.provider.tck.InMemoryRecords;
import dev.formwork.provider.tck.RecordedPauses;
import dev.formwork.provider.tck.RemoteBench;
import dev.formwork.provider.tck.SimulatedCrash;
import dev.formwork.testkit.TestKeys;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Nodes that are systems of one [InMemoryRedfish], behind TLS with a certificate that is pinned.
final class RedfishBench implements RemoteBench {
    static final String USER = "admin";
    static final String PASSWORD = "correct horse";
    private static final Map<Fault, Function<Request, Response>> WORDS =
            Map.of(
                    Fault.THROTTLED, _ -> Response.json(429, "{}").with("Retry-After", "3"),
                    Fault.OUT_OF_ORDER, _ -> Response.json(503, "{}"),
                    Fault.CREDENTIALS,
                            _ ->
                                    Response.json(
                                            401, RedfishReply.error(401, "NoValidSession").body()));

    /// Made once: keytool takes its time.
    private static final class Keys {
        static final TestKeys KEYS = make();

        private static TestKeys make() {
            try {
                Path folder = Files.createTempDirectory("formwork-redfish-");
                return TestKeys.make(folder, "bmc", "ip:127.0.0.1");
            } catch (IOException | GeneralSecurityException failed) {
                throw new IllegalStateException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    final InMemoryRedfish service;
    private final FaultyHttpServer server;
    private final RecordedPauses pauses = new RecordedPauses();
    private final Map<EngineId, InMemoryRecords> records = new ConcurrentHashMap<>();
    private final Map<String, Value> settings = new TreeMap<>();
    private final Duration answer;

    RedfishBench(int systems) {
        this(systems, Duration.ofSeconds(60));
    }

    /// @param answer how long one waits for an answer
    RedfishBench(int systems, Duration answer) {
        this.answer = answer;
        service = new InMemoryRedfish(USER, PASSWORD).withSystems(systems);
        server = new FaultyHttpServer(RedfishBench.this::answer, WORDS, keys().context());
        with("user", Value.of(USER));
        with("password", new Value.Secret(Value.of(PASSWORD)));
        with("grace_seconds", Value.of(0));
        with("certificate_sha256", Value.of(List.of(Value.of(fingerprint()))));
        with("port", Value.of(server.uri().getPort()));
        with(
                "nodes",
                Value.of(service.systems.keySet().stream().map(system -> node(system)).toList()));
    }

    static TestKeys keys() {
        return Keys.KEYS;
    }

    /// Of the certificate of every bench.
    static String fingerprint() {
        try {
            return Trust.fingerprint(Trust.SignedBy.pem(keys().pem()).authorities().getFirst());
        } catch (IOException | CertificateException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// @param macs none where its controller says them
    static Value node(String system, String... macs) {
        return Value.of(
                Map.of(
                        "name",
                        Value.of(system),
                        "address",
                        Value.of("127.0.0.1"),
                        "system",
                        Value.of(system),
                        "macs",
                        Value.of(Arrays.stream(macs).map(Value::of).toList())));
    }

    /// Changes a setting for providers that are opened from now on.
    RedfishBench with(String key, Value value) {
        settings.put(key, value);
        return this;
    }

    private Response answer(Request request) {
        Map<String, String> headers = new TreeMap<>();
        request.headers().forEach((name, values) -> headers.put(name, values.getFirst()));
        URI target = request.target();
        RedfishReply reply =
                service.handle(
                        new RedfishRequest(
                                request.method(),
                                target.getPath(),
                                target.getQuery() == null ? "" : target.getQuery(),
                                headers,
                                request.body()));
        Response response = new Response(reply.status(), reply.headers(), reply.body());
        // The JDK's server closes then and does not say so.
        return headers.getOrDefault("connection", "").equals("close")
                ? response.with("Connection", "close")
                : response;
    }

    @Override
    public FaultyHttpServer server() {
        return server;
    }

    @Override
    public RecordedPauses pauses() {
        return pauses;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(3));
    }

    @Override
    public boolean isAskedByLooks() {
        return false;
    }

    @Override
    public Provider open(EngineId engine) {
        return open(engine, Steps::unlessInterrupted);
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        return open(engine, SimulatedCrash.after(steps)::accept);
    }

    private Provider open(EngineId engine, Steps steps) {
        return RedfishProvider.open(
                context(engine),
                steps,
                new Waiting(Optional.of(answer), pauses, Optional.of(Duration.ofMillis(1))));
    }

    ProviderContext context(EngineId engine) {
        return new ProviderContext(
                "redfish",
                engine,
                Objects.requireNonNull(keys().file().getParent()),
                Value.of(settings),
                URI.create("http://127.0.0.1:8080/"),
                Optional.empty(),
                List.of(),
                new AgentLaunch(List.of("/bin/true")),
                AgentInstall.NONE,
                records.computeIfAbsent(engine, _ -> new InMemoryRecords()),
                Clock.systemUTC(),
                new Random());
    }

    /// The node that an instance has, found in what is noted.
    String nodeOf(InstanceRef ref) {
        String machine = ref.value().replaceAll("@.*", "");
        return records.values().stream()
                .flatMap(each -> each.all().entrySet().stream())
                .filter(each ->
                        each.getKey().startsWith("node/") && each.getValue().equals(machine))
                .map(each -> each.getKey().substring("node/".length()))
                .findFirst()
                .orElseThrow();
    }

    /// What is noted about a machine; and what shows at systems that nobody has any more.
    @Override
    public List<String> remainsOf(MachineId machine) {
        List<String> remains = new ArrayList<>();
        List<String> claimed = new ArrayList<>();
        for (InMemoryRecords each : records.values()) {
            each.all()
                    .forEach((key, text) -> {
                        if (key.startsWith("node/")) {
                            claimed.add(key.substring("node/".length()));
                        }
                        if (key.contains(machine.value()) || text.contains(machine.value())) {
                            remains.add(key + ": " + text);
                        }
                    });
        }
        for (String id : service.systems.keySet()) {
            String shows =
                    service.look(
                            id,
                            system ->
                                    system.power.equals("Off")
                                                    && system.enabled.equals("Disabled")
                                                    && system.assetTag.isEmpty()
                                                    && system.image == null
                                            ? ""
                                            : "%s %s %s"
                                                    .formatted(
                                                            system.power,
                                                            system.enabled,
                                                            system.assetTag));
            if (!claimed.contains(id) && !shows.isEmpty()) {
                remains.add("system %s: %s".formatted(id, shows));
            }
        }
        return remains;
    }

    @Override
    public void close() {
        server.close();
    }
}
