package dev.formwork.provider.tck;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.AskLater;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.tck.HttpService.Request;
import dev.formwork.provider.tck.HttpService.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/// The place in memory, asked by HTTP: each call is a request and an answer that can be lost. Only
/// what is asked and what came of it do not go over the wire, but by number.
final class HttpBench implements RemoteBench {
    /// How a client makes a call, again where it fails.
    @FunctionalInterface
    interface Patience {
        Object call(Supplier<Object> once);
    }

    static final Map<Fault, Function<Request, Response>> WORDS =
            Map.of(
                    Fault.THROTTLED, _ -> Response.json(429, "{}").with("Retry-After", "7"),
                    Fault.OUT_OF_ORDER, _ -> Response.json(503, "{}"),
                    Fault.CREDENTIALS, _ -> Response.json(401, "{}"),
                    Fault.QUOTA, _ -> Response.json(403, "{}"));

    private final InMemoryBench place = new InMemoryBench();
    private final Map<String, Supplier<Object>> asked = new ConcurrentHashMap<>();
    private final Map<String, Object> answers = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private final FaultyHttpServer server = new FaultyHttpServer(this::answer, WORDS);
    private final HttpClient client = HttpClient.newHttpClient();
    private final RecordedPauses pauses = new RecordedPauses();
    private final Function<RecordedPauses, Patience> patience;

    HttpBench(Function<RecordedPauses, Patience> patience) {
        this.patience = patience;
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
        return Optional.of(Duration.ofSeconds(7));
    }

    @Override
    public Provider open(EngineId engine) {
        Provider real = place.open(engine);
        InstanceLifecycle behind = real.capability(InstanceLifecycle.class);
        Patience patient = patience.apply(pauses);
        return new Provider() {
            @Override
            public String name() {
                return real.name();
            }

            @Override
            public Capabilities capabilities() {
                return Capabilities.none()
                        .with(InstanceLifecycle.class, new Client(behind, patient));
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        throw new UnsupportedOperationException("no test of this bench lets a provider die");
    }

    @Override
    public List<String> remainsOf(MachineId machine) {
        return place.remainsOf(machine);
    }

    @Override
    public void close() {
        server.close();
        client.close();
        place.close();
    }

    private Response answer(Request request) {
        String number = request.target().getPath().substring(1);
        try {
            Supplier<Object> call = asked.get(number);
            if (call == null) {
                return Response.json(404, "{}");
            }
            answers.put(number, call.get());
            return Response.json(200, "{\"done\": \"%s\"}".formatted(number));
        } catch (ProblemException refused) {
            answers.put(number, refused);
            return Response.json(409, "{\"done\": \"%s\"}".formatted(number));
        }
    }

    private final class Client implements InstanceLifecycle {
        private final InstanceLifecycle behind;
        private final Patience patient;

        Client(InstanceLifecycle behind, Patience patient) {
            this.behind = behind;
            this.patient = patient;
        }

        @Override
        public Instance create(OperationToken token, InstanceRequest request) {
            // Two calls, so that there is a second one to go wrong.
            call(behind::list);
            return (Instance) call(() -> behind.create(token, request));
        }

        @Override
        @SuppressWarnings("unchecked")
        public Optional<Instance> find(InstanceRef ref) {
            return (Optional<Instance>) call(() -> behind.find(ref));
        }

        @Override
        @SuppressWarnings("unchecked")
        public List<Instance> list() {
            return (List<Instance>) call(behind::list);
        }

        @Override
        public void delete(OperationToken token, InstanceRef ref) {
            call(() -> {
                behind.delete(token, ref);
                return true;
            });
        }

        private Object call(Supplier<Object> what) {
            return patient.call(() -> once(what));
        }

        private Object once(Supplier<Object> what) {
            String number = String.valueOf(last.incrementAndGet());
            asked.put(number, what);
            HttpResponse<String> response = send(number);
            ProviderCode failure = failure(response, number);
            if (failure == ProviderCode.THROTTLED) {
                throw new AskLater(failure.problem("asked too often", null), Duration.ofSeconds(7));
            }
            if (failure != null) {
                throw failure.problem("status " + response.statusCode(), null);
            }
            Object answer = answers.get(number);
            if (answer instanceof ProblemException refused) {
                throw refused;
            }
            return Objects.requireNonNull(answer);
        }

        private @Nullable ProviderCode failure(HttpResponse<String> response, String number) {
            return switch (response.statusCode()) {
                case 401 -> ProviderCode.CREDENTIALS;
                case 403 -> ProviderCode.QUOTA;
                case 429 -> ProviderCode.THROTTLED;
                case 503 -> ProviderCode.UNAVAILABLE;
                default ->
                        response.body().equals("{\"done\": \"%s\"}".formatted(number))
                                ? null
                                : ProviderCode.UNAVAILABLE;
            };
        }

        private HttpResponse<String> send(String number) {
            try {
                return client.send(
                        HttpRequest.newBuilder(server.uri().resolve(URI.create("/" + number)))
                                .timeout(Duration.ofMillis(500))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
            } catch (HttpTimeoutException late) {
                throw ProviderCode.TIMEOUT.problem("no answer", null, late);
            } catch (IOException broken) {
                throw ProviderCode.UNAVAILABLE.problem("no connection", null, broken);
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
                throw ProviderCode.INTERRUPTED.problem("cancelled", null, cancelled);
            }
        }
    }
}
