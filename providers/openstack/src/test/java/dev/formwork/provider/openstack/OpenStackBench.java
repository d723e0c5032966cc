package dev.formwork.provider.openstack;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Retries;
import dev.formwork.provider.openstack.api.HttpTransport;
import dev.formwork.provider.openstack.api.Transport;
import dev.formwork.provider.openstack.cloud.InMemoryOpenStack;
import dev.formwork.provider.tck.Fault;
import dev.formwork.provider.tck.FaultyHttpServer;
import dev.formwork.provider.tck.HttpService.Request;
import dev.formwork.provider.tck.HttpService.Response;
import dev.formwork.provider.tck.InMemoryRecords;
import dev.formwork.provider.tck.Promise;
import dev.formwork.provider.tck.RecordedPauses;
import dev.formwork.provider.tck.RemoteBench;
import dev.formwork.provider.tck.SimulatedCrash;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;

/// A cloud in memory, asked by HTTP.
final class OpenStackBench implements RemoteBench {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(3);

    private static final Map<Fault, Function<Request, Response>> WORDS =
            Map.of(
                    Fault.THROTTLED,
                    _ ->
                            InMemoryOpenStack.refusal(
                                            429, "overLimit", "This request was rate-limited.")
                                    .with("Retry-After", String.valueOf(RETRY_AFTER.toSeconds())),
                    Fault.OUT_OF_ORDER,
                    _ -> Response.of(503, "text/html", "<html><b>Service Unavailable</b></html>"),
                    Fault.CREDENTIALS,
                    _ ->
                            InMemoryOpenStack.refusal(
                                    401,
                                    "error",
                                    "The request you have made requires authentication."),
                    Fault.QUOTA,
                    _ ->
                            InMemoryOpenStack.refusal(
                                    403, "forbidden", "Quota exceeded for cores: Requested 1"));

    final InMemoryOpenStack cloud;
    private final Clock clock;
    private final FaultyHttpServer server;
    private final RecordedPauses pauses = new RecordedPauses();
    private final Map<String, Value> config = new HashMap<>();
    private final Map<String, Value> spec = new TreeMap<>();
    private final Map<String, String> environment = new HashMap<>();

    OpenStackBench() {
        this(Clock.systemUTC(), null);
    }

    /// @param tls of its server; null for plain HTTP
    OpenStackBench(Clock clock, @Nullable SSLContext tls) {
        this(clock, clock, tls);
    }

    /// @param clock the engine's
    OpenStackBench(Clock clock, Clock ofTheCloud, @Nullable SSLContext tls) {
        this.clock = clock;
        cloud = new InMemoryOpenStack(ofTheCloud, tls == null ? "http" : "https");
        server = new FaultyHttpServer(cloud, WORDS, tls);
        environment.putAll(
                Map.of(
                        "OS_AUTH_URL", server.uri() + "/identity/v3",
                        "OS_USERNAME", "formwork",
                        "OS_PASSWORD", "pass word'",
                        "OS_PROJECT_NAME", "lab",
                        "OS_REGION_NAME", "RegionOne"));
        spec.put("image", Value.of("debian"));
        spec.put("flavor", Value.of("m1.size5"));
        spec.put("network", Value.of("private"));
    }

    /// Changes the spec of machines from now on.
    OpenStackBench with(String key, Value value) {
        spec.put(key, value);
        return this;
    }

    OpenStackBench without(String key) {
        spec.remove(key);
        return this;
    }

    /// Changes a setting of providers that are opened from now on.
    OpenStackBench configured(String key, Value value) {
        config.put(key, value);
        return this;
    }

    /// Changes a variable of the environment; without a value it goes.
    OpenStackBench environment(String name, String value) {
        if (value.isEmpty()) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
        return this;
    }

    URI authUrl() {
        return server.uri().resolve("/identity/v3");
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
        return Optional.of(RETRY_AFTER);
    }

    @Override
    public Value.Struct spec() {
        return Value.of(spec);
    }

    @Override
    public Provider open(EngineId engine) {
        return open(engine, UnaryOperator.identity());
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        return open(engine, dyingAfter(steps));
    }

    /// The request that is never sent, or whose answer is never read.
    static UnaryOperator<Transport> dyingAfter(int steps) {
        Consumer<String> step = SimulatedCrash.after(steps);
        return real ->
                call -> {
                    boolean changes =
                            !call.method().equals("GET")
                                    && !call.uri().getPath().endsWith("/auth/tokens");
                    if (!changes) {
                        return real.send(call);
                    }
                    step.accept("send " + call);
                    Transport.Answer answer = real.send(call);
                    step.accept("read the answer to " + call);
                    return answer;
                };
    }

    private Provider open(EngineId engine, UnaryOperator<Transport> around) {
        ProviderContext context =
                new ProviderContext(
                        "stack",
                        engine,
                        Path.of("/nonexistent/formwork"),
                        Value.of(config),
                        URI.create("http://127.0.0.1:8080/"),
                        Optional.empty(),
                        List.of(),
                        new AgentLaunch(List.of("/bin/true")),
                        (request, _) -> "#!/bin/sh\necho " + request.name() + "\n",
                        new InMemoryRecords(),
                        clock,
                        new Random());
        OpenStackSettings settings = OpenStackSettings.read(context, environment);
        HttpTransport transport = new HttpTransport(settings.trusted(), Duration.ofMillis(300));
        return OpenStackProvider.open(
                context,
                settings,
                around.apply(transport),
                new Retries(new Random(), pauses),
                transport::close);
    }

    @Override
    public List<String> remainsOf(MachineId machine) {
        return cloud.remainsOf(machine.value());
    }

    @Override
    public Map<Promise, String> deviations() {
        return Map.of(
                Promise.EVERY_BYTE_OF_A_CONSOLE,
                "Nova takes control characters out, and what is no UTF-8",
                Promise.OFFSETS_OF_A_CONSOLE,
                "Nova shows the end of what was printed and does not count the rest");
    }

    @Override
    public void close() {
        server.close();
    }
}
