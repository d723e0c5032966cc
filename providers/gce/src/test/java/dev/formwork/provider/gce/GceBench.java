package dev.formwork.provider.gce;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.tck.Fault;
import dev.formwork.provider.tck.FaultyHttpServer;
import dev.formwork.provider.tck.HttpService.Request;
import dev.formwork.provider.tck.HttpService.Response;
import dev.formwork.provider.tck.InMemoryRecords;
import dev.formwork.provider.tck.Promise;
import dev.formwork.provider.tck.RecordedPauses;
import dev.formwork.provider.tck.RemoteBench;
import dev.formwork.provider.tck.SimulatedCrash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A project of Google Cloud, spoken to as a service account, with a key in a file.
final class GceBench implements RemoteBench {
    private static final Duration ANSWER = Duration.ofMillis(500);
    private static final Duration ASKED = Duration.ofSeconds(7);

    final ComputeServer compute = new ComputeServer();
    private final FaultyHttpServer server = new FaultyHttpServer(compute, refusals());
    private final RecordedPauses pauses = new RecordedPauses();
    private final Path directory;
    private final AtomicInteger opened = new AtomicInteger();
    private final Map<String, Value> settings = new TreeMap<>();
    private Duration answer = Duration.ofSeconds(30);

    GceBench() {
        try {
            directory = Files.createTempDirectory("formwork-gce-");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Path key =
                ServiceAccountKey.only()
                        .write(
                                directory.resolve("key.json"),
                                server.uri().resolve(TokenEndpoint.PATH));
        with("project", Value.of(ComputeServer.PROJECT));
        with("endpoint", Value.of(server.uri().toString()));
        with("credentials_file", Value.of(key.toString()));
        with("zones", Value.of(List.of(Value.of("europe-west3-a"), Value.of("europe-west3-b"))));
    }

    /// What the service says where it does not do what it is asked for. Its tokens have no limit.
    private Map<Fault, java.util.function.Function<Request, Response>> refusals() {
        return Map.of(
                Fault.THROTTLED,
                _ ->
                        new ApiError(429, "rateLimitExceeded", "Rate Limit Exceeded")
                                .response()
                                .with("Retry-After", String.valueOf(ASKED.toSeconds())),
                Fault.OUT_OF_ORDER,
                _ -> new ApiError(503, "backendError", "Internal error").response(),
                Fault.CREDENTIALS,
                request ->
                        isToken(request)
                                ? TokenEndpoint.refused("invalid_grant", "Invalid JWT Signature.")
                                : new ApiError(401, "authError", "Invalid Credentials").response(),
                Fault.QUOTA,
                request ->
                        isToken(request)
                                ? compute.answer(request)
                                : new ApiError(403, "quotaExceeded", "Quota 'CPUS' exceeded.")
                                        .response());
    }

    private static boolean isToken(Request request) {
        return request.target().getPath().equals(TokenEndpoint.PATH);
    }

    /// Changes a setting for providers that are opened from now on.
    GceBench with(String key, Value value) {
        settings.put(key, value);
        return this;
    }

    GceBench without(String key) {
        settings.remove(key);
        return this;
    }

    /// Calls that get no answer are given up soon.
    GceBench impatient() {
        answer = ANSWER;
        return this;
    }

    ComputeProject project() {
        return compute.project();
    }

    Path directory() {
        return directory;
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
        return Optional.of(ASKED);
    }

    @Override
    public Provider open(EngineId engine) {
        return open(engine, new NetHttpTransport());
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        return open(engine, new DyingTransport(SimulatedCrash.after(steps)));
    }

    private Provider open(EngineId engine, HttpTransport transport) {
        ProviderContext context = context(engine);
        GceSettings read = GceSettings.read(context, Map.of());
        return GceProvider.open(
                context,
                new GceSettings(
                        read.project(),
                        read.zones(),
                        read.endpoint(),
                        read.credentials(),
                        read.address(),
                        answer,
                        read.operation()),
                transport,
                pauses);
    }

    ProviderContext context(EngineId engine) {
        return new ProviderContext(
                "gce",
                engine,
                directory,
                Value.of(settings),
                URI.create("http://127.0.0.1:1"),
                Optional.empty(),
                List.of(URI.create("https://engine.example:7443")),
                AgentLaunch.java(Path.of("/java"), directory),
                (request, java) ->
                        "#!/bin/sh\n# %s %s\n"
                                .formatted(request.bootToken().reveal(), java.orElse("brought")),
                new InMemoryRecords(),
                Clock.systemUTC(),
                new Random(opened.incrementAndGet()));
    }

    @Override
    public Value.Struct spec() {
        return Value.of(
                Map.of(
                        "machine_type", Value.of("e2-small"),
                        "image_family", Value.of("debian-12"),
                        "image_project", Value.of("debian-cloud")));
    }

    @Override
    public Map<Promise, String> deviations() {
        return Map.of(
                Promise.EVERY_BYTE_OF_A_CONSOLE,
                "the answer has the console in a text of JSON, which cannot hold what is no UTF-8");
    }

    @Override
    public List<String> remainsOf(MachineId machine) {
        List<String> all = new ArrayList<>();
        String label = Marks.machine(machine);
        project().instances().stream()
                .filter(each -> each.getLabelsOrDefault(Marks.MACHINE, "").equals(label))
                .forEach(each ->
                        all.add("instance %s: %s".formatted(each.getName(), each.getStatus())));
        project().disks().stream()
                .filter(each -> each.getLabelsOrDefault(Marks.MACHINE, "").equals(label))
                .forEach(each -> all.add("disk " + each.getName()));
        return all;
    }

    @Override
    public void close() {
        server.close();
        try (var files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(each -> each.toFile().delete());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
