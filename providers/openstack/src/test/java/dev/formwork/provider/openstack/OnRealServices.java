package dev.formwork.provider.openstack;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Console;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.Pause;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Retries;
import dev.formwork.provider.openstack.api.Compute;
import dev.formwork.provider.openstack.api.FloatingAddress;
import dev.formwork.provider.openstack.api.HttpTransport;
import dev.formwork.provider.openstack.api.Network;
import dev.formwork.provider.openstack.api.Port;
import dev.formwork.provider.openstack.api.Server;
import dev.formwork.provider.openstack.api.Session;
import dev.formwork.provider.tck.InMemoryRecords;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.ProviderBench;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// The contract against the real services, by hand: `src/test/lab/run` starts them and runs this.
/// Its name keeps it out of every build. Empties the project that the environment names.
class OnRealServices
        implements InstanceLifecycleContract, InstanceCrashContract, PowerControlContract {
    private final RealBench bench = new RealBench();

    @Override
    public ProviderBench bench() {
        return bench;
    }

    private InstanceRequest request(Map<String, Value> more) {
        Map<String, Value> spec = new TreeMap<>(bench.spec().fields());
        spec.putAll(more);
        return new InstanceRequest(
                new MachineId("m-" + UUID.randomUUID()),
                "demo-members-0",
                new BootToken("boot-token"),
                Map.of("rack", "ä 🚀 * ?"),
                Value.of(spec));
    }

    @Test
    void aFlavorThatNoHostHasRoomForIsAQuotaAndLeavesNothing() {
        InstanceRequest request = request(Map.of("flavor", Value.of("huge")));
        try (Provider provider = bench.open(ENGINE)) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            assertRefused(ProviderCode.QUOTA, () -> lifecycle.create(anyToken(), request));
            assertThat(lifecycle.list()).isEmpty();
        }
        assertThat(bench.remainsOf(request.machine())).isEmpty();
        assertThat(new Compute(bench.session).groups()).isEmpty();
    }

    @Test
    void aNetworkWithoutAFreeAddressIsAQuotaAndLeavesNothing() {
        Map<String, Value> crowded =
                Map.of("network", Value.of("crowded"), "floating_network", new Value.Null());
        InstanceRequest second = request(crowded);
        try (Provider provider = bench.open(ENGINE)) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            InstanceRef first = lifecycle.create(anyToken(), request(crowded)).ref();
            assertRefused(ProviderCode.QUOTA, () -> lifecycle.create(anyToken(), second));
            assertThat(lifecycle.list()).extracting(Instance::ref).containsExactly(first);
        }
        assertThat(bench.remainsOf(second.machine())).isEmpty();
    }

    @Test
    void anAddressOfANetworkThatNoRouterLeadsToIsTheSpecs() {
        InstanceRequest request = request(Map.of("floating_network", Value.of("crowded")));
        try (Provider provider = bench.open(ENGINE)) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            assertRefused(ProviderCode.INVALID_SPEC, () -> lifecycle.create(anyToken(), request));
            assertThat(lifecycle.list()).isEmpty();
        }
        assertThat(bench.remainsOf(request.machine())).isEmpty();
    }

    @Test
    void readsTheConsole() {
        try (Provider provider = bench.open(ENGINE)) {
            InstanceRef ref =
                    provider.capability(InstanceLifecycle.class)
                            .create(anyToken(), request(Map.of()))
                            .ref();
            provider.capability(PowerControl.class).powerOn(anyToken(), ref);
            assertThat(provider.capability(Console.class).read(ref, 0, 1000).text())
                    .startsWith("FAKE CONSOLE OUTPUT");
        }
    }

    @Test
    void logsInWithAnApplicationCredential() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeAll(List.of("OS_USERNAME", "OS_PASSWORD", "OS_PROJECT_NAME"));
        environment.put("OS_AUTH_TYPE", "v3applicationcredential");
        environment.put("OS_APPLICATION_CREDENTIAL_ID", System.getenv("LAB_CREDENTIAL_ID"));
        environment.put("OS_APPLICATION_CREDENTIAL_SECRET", "lab");
        OpenStackSettings settings = OpenStackSettings.read(RealBench.context(ENGINE), environment);
        try (HttpTransport transport = settings.transport()) {
            Session session = new Session(settings.access(), transport, Clock.systemUTC());
            assertThat(new Compute(session).flavor("tiny")).isPresent();
        }
    }

    private static final class RealBench implements ProviderBench {
        private final OpenStackSettings settings =
                OpenStackSettings.read(context(ENGINE), System.getenv());
        private final HttpTransport transport = settings.transport();
        private final Session session =
                new Session(settings.access(), transport, Clock.systemUTC());

        /// Of what a run before it has left, when it was stopped.
        RealBench() {
            empty();
        }

        private static ProviderContext context(EngineId engine) {
            return new ProviderContext(
                    "stack",
                    engine,
                    Path.of("/nonexistent/formwork"),
                    Value.Struct.EMPTY,
                    URI.create("http://127.0.0.1:8080/"),
                    Optional.empty(),
                    List.of(),
                    new AgentLaunch(List.of("/bin/true")),
                    (request, _) -> "#!/bin/sh\necho " + request.name() + "\n",
                    new InMemoryRecords(),
                    Clock.systemUTC(),
                    new Random());
        }

        @Override
        public Value.Struct spec() {
            Map<String, Value> spec = new TreeMap<>();
            spec.put("image", Value.of("nothing"));
            spec.put("flavor", Value.of("tiny"));
            spec.put("network", Value.of("private"));
            spec.put("floating_network", Value.of("public"));
            spec.put("security_groups", Value.of(List.of(Value.of("default"))));
            spec.put("server_group", Value.of("apart"));
            spec.put("server_group_policy", Value.of("soft-anti-affinity"));
            return Value.of(spec);
        }

        @Override
        public Provider open(EngineId engine) {
            return open(engine, UnaryOperator.identity());
        }

        @Override
        public Provider openDying(EngineId engine, int steps) {
            return open(engine, OpenStackBench.dyingAfter(steps));
        }

        private Provider open(
                EngineId engine,
                UnaryOperator<dev.formwork.provider.openstack.api.Transport> around) {
            HttpTransport real = settings.transport();
            return OpenStackProvider.open(
                    context(engine),
                    settings,
                    around.apply(real),
                    new Retries(new Random(), Pause.REAL),
                    real::close);
        }

        @Override
        public List<String> remainsOf(MachineId machine) {
            List<String> remains = new ArrayList<>();
            for (Server server : new Compute(session).servers(List.of(), List.of())) {
                if (server.metadata().containsValue(machine.value())) {
                    remains.add("server " + server.id());
                }
            }
            for (Port port : new Network(session).ports("admin_state_up", "true")) {
                if (port.name().contains("/" + machine + "/")) {
                    remains.add("port " + port.id());
                }
            }
            for (FloatingAddress each : new Network(session).floatingAddresses(Map.of())) {
                if (each.description().contains("/" + machine + "/")) {
                    remains.add("floating address " + each.id());
                }
            }
            return remains;
        }

        @Override
        public void close() {
            empty();
            transport.close();
        }

        private void empty() {
            for (EngineId engine : List.of(ENGINE, OTHER_ENGINE)) {
                try (Provider provider = open(engine)) {
                    var lifecycle = provider.capability(InstanceLifecycle.class);
                    lifecycle
                            .list()
                            .forEach(left ->
                                    lifecycle.delete(
                                            dev.formwork.provider.tck.ProviderContract.anyToken(),
                                            left.ref()));
                }
            }
        }
    }
}
