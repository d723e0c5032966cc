package dev.formwork.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// A hundred hosts, all of them asked for at once by two engines on one store.
class ManyHostsIT {
    private static final int HOSTS = 100;
    private static final int PLACES = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final EngineId ENGINE = new EngineId("engine-one");

    private final SshBench bench = new SshBench(HOSTS);

    @AfterEach
    void endAll() {
        bench.close();
    }

    private static InstanceRequest request(int i, String... hosts) {
        List<Value> names = Stream.of(hosts).<Value>map(Value::of).toList();
        return new InstanceRequest(
                new MachineId("m-" + i),
                "many-" + i,
                new BootToken("the-token-" + i),
                Map.of(),
                names.isEmpty() ? Value.Struct.EMPTY : Value.of(Map.of("hosts", Value.of(names))));
    }

    @Test
    void aHundredMachinesAreMadeListedAndDeleted() throws Exception {
        try (Provider here = bench.open(ENGINE);
                Provider there = bench.open(ENGINE);
                ExecutorService callers =
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("caller-", 0).factory())) {
            List<Future<Instance>> made = new ArrayList<>();
            for (int i = 0; i < HOSTS; i++) {
                InstanceLifecycle lifecycle =
                        (i % 2 == 0 ? here : there).capability(InstanceLifecycle.class);
                InstanceRequest request = request(i);
                OperationToken token = new OperationToken("t-" + i);
                made.add(callers.submit(() -> lifecycle.create(token, request)));
            }
            List<Instance> instances = all(made);
            InstanceLifecycle lifecycle = here.capability(InstanceLifecycle.class);

            assertThat(instances).extracting(Instance::address).doesNotHaveDuplicates();
            assertThat(lifecycle.list())
                    .hasSize(HOSTS)
                    .allSatisfy(i -> assertThat(i.state()).isEqualTo(InstanceState.RUNNING))
                    .extracting(Instance::ref)
                    .containsExactlyInAnyOrderElementsOf(
                            instances.stream().map(Instance::ref).toList());

            deleteAll(lifecycle, instances, callers);
            assertThat(bench.processes()).isEmpty();
        }
    }

    private static <T> List<T> all(List<Future<T>> answers) throws Exception {
        List<T> all = new ArrayList<>();
        for (Future<T> each : answers) {
            all.add(each.get());
        }
        return all;
    }

    private static void deleteAll(
            InstanceLifecycle lifecycle, List<Instance> instances, ExecutorService callers)
            throws Exception {
        List<Future<Boolean>> deleted = new ArrayList<>();
        for (Instance each : instances) {
            deleted.add(
                    callers.submit(() -> {
                        lifecycle.delete(new OperationToken("d"), each.ref());
                        return true;
                    }));
        }
        assertThat(all(deleted)).containsOnly(true);
        assertThat(lifecycle.list()).isEmpty();
    }

    @Test
    void aHostThatDoesNotAnswerKeepsNoneFromTheirTurn() throws Exception {
        SshServer server = bench.servers.getFirst();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ExecutorService callers =
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("caller-", 0).factory())) {
            bench.with("parallel", Value.of(1))
                    .with(
                            "hosts",
                            Value.of(
                                    List.of(
                                            bench.host(
                                                    "well",
                                                    server.addresses().getFirst(),
                                                    server.port(),
                                                    Map.of()),
                                            bench.host(
                                                    "silent",
                                                    "127.0.0.1",
                                                    silent.getLocalPort(),
                                                    Map.of()))));
            try (Provider provider = bench.open(ENGINE)) {
                InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
                Instance made = lifecycle.create(new OperationToken("t-1"), request(1, "well"));
                Future<Instance> hangs =
                        callers.submit(() ->
                                lifecycle.create(new OperationToken("t-2"), request(2, "silent")));
                try (Socket _ = silent.accept()) {
                    assertThat(lifecycle.find(made.ref())).isPresent();
                    assertThat(hangs.isDone()).as("it is still waited for").isFalse();
                }
                lifecycle.delete(new OperationToken("d"), made.ref());
                hangs.cancel(true);
            }
        }
    }

    /// So few are talked to at once that hosts whose polls are held would keep the others from ever
    /// polling, if they had a place meanwhile.
    @Test
    void aHundredHostsAreWorkedWithoutAnAgentAndByTheEngineThatTookThemUpLast() throws Exception {
        try (StubEngine engine = new StubEngine()) {
            bench.with("agent", Value.of("none"))
                    .with("parallel", Value.of(PLACES))
                    .calling(engine.url());
            try (Provider here = bench.open(ENGINE, "here");
                    Provider there = bench.open(ENGINE, "there");
                    ExecutorService callers =
                            Executors.newThreadPerTaskExecutor(
                                    Thread.ofVirtual().name("caller-", 0).factory())) {
                List<Future<Instance>> made = new ArrayList<>();
                InstanceLifecycle lifecycle = here.capability(InstanceLifecycle.class);
                for (int i = 0; i < HOSTS; i++) {
                    InstanceRequest request = request(i, SshBench.name(i));
                    OperationToken token = new OperationToken("t-" + i);
                    made.add(callers.submit(() -> lifecycle.create(token, request)));
                }
                List<Instance> instances = all(made);
                Eventually.holds("all of them poll", PATIENCE, () -> engine.held() == HOSTS);
                assertThat(connections())
                        .as("one of each host")
                        .hasSize(HOSTS)
                        .doesNotHaveDuplicates();

                engine.offerAll("echo x >>\"$FORMWORK_STATE/done\"");
                Eventually.holds("all have reported", PATIENCE, () -> engine.done() == HOSTS);
                Map<String, String> before = engine.workers();
                List<Future<Boolean>> taken = new ArrayList<>();
                for (Instance each : instances) {
                    taken.add(
                            callers.submit(() -> {
                                there.capability(AgentSupervision.class).takeUpAgent(each.ref());
                                return true;
                            }));
                }
                assertThat(all(taken)).containsOnly(true);
                Eventually.holds(
                        "the other one polls", PATIENCE, () -> engine.held(before) == HOSTS);
                for (int i = 0; i < 2; i++) {
                    engine.sendAllHome();
                    Eventually.holds("it polls on", PATIENCE, () -> engine.held(before) == HOSTS);
                }

                assertThat(engine.mostLate(before))
                        .as("polls of who had lost the host")
                        .isLessThan(2);
                assertThat(done(instances)).isEqualTo(HOSTS);
                deleteAll(there.capability(InstanceLifecycle.class), instances, callers);
            }
        }
    }

    /// Hosts on which the job was done, once.
    private long done(List<Instance> instances) {
        return instances.stream()
                .map(each -> bench.directory(each.ref()).resolve("machine/agent/state/done"))
                .filter(file -> {
                    try {
                        return Files.exists(file) && Files.readString(file).equals("x\n");
                    } catch (IOException failed) {
                        throw new UncheckedIOException(failed);
                    }
                })
                .count();
    }

    /// Where connections lead that end at a host of the bench (proc_net(5), tcp: 01 is
    /// established).
    private List<String> connections() throws IOException {
        List<String> ports =
                bench.servers.stream().map(server -> ":%04X".formatted(server.port())).toList();
        List<String> remotes = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] words = line.strip().split(" +", -1);
                if (words[3].equals("01") && ports.stream().anyMatch(words[2]::endsWith)) {
                    remotes.add(words[2]);
                }
            }
        }
        return remotes;
    }
}
