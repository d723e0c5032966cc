package dev.formwork.provider.redfish;

import dev.formwork.provider.Retries;
import dev.formwork.provider.redfish.client.Answer;
import dev.formwork.provider.redfish.client.Call;
import dev.formwork.provider.redfish.client.Credentials;
import dev.formwork.provider.redfish.client.Exchange;
import dev.formwork.provider.redfish.client.RedfishService;
import dev.formwork.provider.tck.RecordedPauses;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/// A client and an [InMemoryRedfish] that it calls directly; a test can answer some calls instead.
final class WithoutNetwork {
    static final URI BASE = URI.create("https://bmc.example");

    final InMemoryRedfish redfish;
    final RecordedPauses pauses = new RecordedPauses();
    private Function<Call, Optional<Answer>> instead = _ -> Optional.empty();

    WithoutNetwork(int systems) {
        redfish = new InMemoryRedfish("admin", "secret").withSystems(systems);
    }

    /// What is answered before the service is asked.
    WithoutNetwork answering(Function<Call, Optional<Answer>> other) {
        instead = other;
        return this;
    }

    /// The same for one path.
    WithoutNetwork answering(String path, int status, String body) {
        return answering(call ->
                call.uri().getPath().equals(path)
                        ? Optional.of(new Answer(status, Map.of(), body))
                        : Optional.empty());
    }

    RedfishService service() {
        return service("secret");
    }

    RedfishService service(String password) {
        return new RedfishService(
                BASE,
                new Credentials("admin", () -> password),
                exchange(),
                Duration.ofSeconds(1),
                new Retries(new Random(1), pauses));
    }

    ManagedSystem system(String id) {
        return new ManagedSystem(service(), Optional.of(id));
    }

    RedfishController controller(String id) {
        return new RedfishController(system(id), false, true, NEVER);
    }

    static final Later NEVER =
            new Later() {
                @Override
                public void run(Duration after, Runnable work) {}

                @Override
                public void close() {}
            };

    private Exchange exchange() {
        return call -> {
            if (!call.uri().getAuthority().equals(BASE.getAuthority())) {
                throw new AssertionError("sent to another host: " + call.uri());
            }
            return instead.apply(call).orElseGet(() -> asked(call));
        };
    }

    private Answer asked(Call call) {
        String query = call.uri().getQuery();
        RedfishReply reply =
                redfish.handle(
                        new RedfishRequest(
                                call.method(),
                                call.uri().getPath(),
                                query == null ? "" : query,
                                call.headers(),
                                call.body()));
        Map<String, List<String>> headers = new TreeMap<>();
        reply.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return new Answer(reply.status(), headers, reply.body());
    }
}
