package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The life of `examples/quickstart`, from nothing to nothing, on one engine: each test goes on
/// where the one before it ended.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuickstartIT {
    private static final String NAME = "quickstart";
    private static final Duration TO_APPLY = Duration.ofMinutes(4);
    private static final Duration LEASE = Duration.ofSeconds(12);
    private static final Duration TO_NOTICE = LEASE.multipliedBy(5);
    private static final int FIRST_PORT = 2379;
    private static final int NEXT_PORT = 2479;
    private static final String KEY = "kept";
    private static final String VALUE = "through all of it";

    @TempDir private static Path folder;
    private EngineProcess engine;
    private ApiClient api;
    private boolean failed;

    @BeforeAll
    void startAnEngine() {
        EtcdPackages.need();
        engine =
                new EngineProcess(folder.resolve("data"))
                        .start(EngineOptions.USUAL.withLease(LEASE));
        api = engine.api();
    }

    @AfterAll
    void endAll() {
        if (engine != null) {
            engine.close();
        }
    }

    /// What comes after a failure would only repeat it.
    @BeforeEach
    void goOnOnlyAfterSuccess() {
        assumeFalse(failed, "an earlier step failed");
        failed = true;
    }

    private void succeeded() {
        engine.noteMachines();
        failed = false;
    }

    @Test
    @Order(1)
    void threeMembersFormAClusterThatKeepsAKey() throws IOException {
        Answer.Plan plan = plan(3, FIRST_PORT);
        assertThat(plan.summary().create()).isEqualTo(3);

        apply(plan);

        assertThat(members()).containsExactly(name(0), name(1), name(2));
        assertThat(etcd(0).allHealthy()).isTrue();
        etcd(0).put(KEY, VALUE);
        assertThat(etcd(2).get(KEY)).isEqualTo(VALUE);
        assertThat(api.cluster(NAME).outputs().path("endpoints"))
                .hasSize(3)
                .allMatch(endpoint -> endpoint.asString().startsWith("https://"));
        assertKeysAreSealed();
        succeeded();
    }

    @Test
    @Order(2)
    void theSecondApplyPlansNothing() {
        Answer.Plan plan = plan(3, FIRST_PORT);

        assertThat(plan.changing()).isEmpty();
        assertThat(plan.summary().empty()).isTrue();
        assertThat(plan.drift()).isEmpty();
        succeeded();
    }

    @Test
    @Order(3)
    void anotherClientPortRerunsJustTheMembersOneAtATime() {
        Answer.Plan plan = plan(3, NEXT_PORT);
        List<String> members =
                List.of("member@" + name(0), "member@" + name(1), "member@" + name(2));
        assertThat(plan.changing()).containsExactlyInAnyOrderElementsOf(members);
        assertThat(plan.summary().effects().get("service-restart"))
                .isEqualTo(new Answer.Plan.Count(3, 0));

        Answer.Run run = apply(plan);

        List<Answer.Node> nodes = api.nodes(run.id());
        assertThat(nodes)
                .filteredOn(node -> node.state().equals("succeeded"))
                .extracting(Answer.Node::key)
                .containsExactlyInAnyOrderElementsOf(members);
        assertOneAtATime(turns(nodes, "member@%s", 0, 1, 2));
        assertThat(etcd(1).get(KEY)).isEqualTo(VALUE);
        assertThat(isOpen(0, FIRST_PORT)).isFalse();
        assertThat(isOpen(0, NEXT_PORT)).isTrue();
        succeeded();
    }

    @Test
    @Order(4)
    void threeGrowToFiveOneAtATime() {
        Answer.Plan plan = plan(5, NEXT_PORT);
        assertThat(plan.summary().create()).isEqualTo(2);
        assertThat(plan.changing())
                .noneMatch(key -> key.startsWith("member@") && !isOf(key, 3) && !isOf(key, 4));

        Answer.Run run = apply(plan);

        List<Answer.Node> nodes = api.nodes(run.id());
        assertOneAtATime(
                Stream.of(3, 4)
                        .map(joiner ->
                                Turn.of(
                                        nodes,
                                        node ->
                                                node.key().startsWith("grow[" + name(joiner) + "]")
                                                        || node.key()
                                                                .equals("member@" + name(joiner))))
                        .toList());
        assertThat(etcd(0).members()).containsExactly(name(0), name(1), name(2), name(3), name(4));
        assertThat(etcd(4).get(KEY)).isEqualTo(VALUE);
        succeeded();
    }

    @Test
    @Order(5)
    void fiveShrinkToThreeOneAtATime() {
        Answer.Plan plan = plan(3, NEXT_PORT);
        assertThat(plan.summary().remove()).isEqualTo(2);

        Answer.Run run = apply(plan);

        List<Answer.Node> nodes = api.nodes(run.id());
        assertOneAtATime(turns(nodes, "shrink[%s]@" + name(0), 3, 4));
        assertOneAtATime(turns(nodes, "undo:member@%s", 3, 4));
        assertThat(members()).containsExactly(name(0), name(1), name(2));
        assertThat(etcd(0).known()).isEqualTo(3);
        assertThat(etcd(1).get(KEY)).isEqualTo(VALUE);
        assertThat(plan(3, NEXT_PORT).summary().empty()).isTrue();
        succeeded();
    }

    @Test
    @Order(6)
    void anAgentThatIsKilledIsUnreachableThenRestartedAndGoesOnWhileEtcdRunsOn() {
        String machine = id(1);
        long agent = only(HostProcesses.ofMachine(machine, "dev.formwork.agent.Main"));
        long etcd = only(HostProcesses.ofMachine(machine, "/etcd"));
        try (EventStream events = api.eventsFromNow()) {
            assertThat(ProcessHandle.of(agent).orElseThrow().destroyForcibly()).isTrue();

            Await.until(
                    "the machine was unreachable and is ready again",
                    TO_NOTICE,
                    () -> {
                        List<String> states = events.states("machine.changed", name(1));
                        int unreachable = states.lastIndexOf("unreachable");
                        return unreachable >= 0 && unreachable < states.lastIndexOf("ready");
                    });
        }
        assertThat(only(HostProcesses.ofMachine(machine, "dev.formwork.agent.Main")))
                .isNotEqualTo(agent);
        assertThat(HostProcesses.ofMachine(machine, "/etcd")).containsExactly(etcd);
        assertThat(api.machine(name(1)).state()).isEqualTo("ready");

        api.taint(NAME, "package@" + name(1));
        Answer.Plan plan = plan(3, NEXT_PORT);
        assertThat(plan.changing()).contains("package@" + name(1));
        Answer.Run run = apply(plan);
        assertThat(api.node(run.id(), "package@" + name(1)).state()).isEqualTo("succeeded");
        assertThat(HostProcesses.ofMachine(machine, "/etcd")).containsExactly(etcd);
        assertThat(etcd(1).get(KEY)).isEqualTo(VALUE);
        succeeded();
    }

    @Test
    @Order(7)
    void aMachineDeletedBehindTheProvidersBackIsFoundPlannedAndReplaced() throws IOException {
        String lost = id(2);
        HostProcesses.withVariable(List.of("FORMWORK_MACHINE_ID=" + lost))
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        Await.until(
                "the machine's processes are gone",
                Duration.ofSeconds(20),
                () -> HostProcesses.withVariable(List.of("FORMWORK_MACHINE_ID=" + lost)).isEmpty());
        deleteTree(engine.machinesDirectory().resolve(lost));

        Answer.Plan plan = plan(3, NEXT_PORT);
        assertThat(plan.drift()).anyMatch(line -> line.contains(name(2)));
        assertThat(plan.summary().create()).isEqualTo(1);
        assertThat(plan.changing()).contains("member@" + name(2));
        apply(plan);

        assertThat(id(2)).isNotEqualTo(lost);
        assertThat(etcd(2).get(KEY)).isEqualTo(VALUE);
        assertThat(etcd(2).members()).containsExactly(name(0), name(1), name(2));
        assertThat(etcd(2).known()).isEqualTo(3);
        assertThat(plan(3, NEXT_PORT).summary().empty()).isTrue();
        succeeded();
    }

    @Test
    @Order(8)
    void destroyLeavesNoProcessFileOrPortBehind() throws InterruptedException, IOException {
        List<String> addresses =
                api.cluster(NAME).members().stream()
                        .flatMap(member -> member.address().stream())
                        .toList();
        assertThat(addresses).hasSize(3).allMatch(address -> isOpen(address, NEXT_PORT));
        engine.noteMachines();

        apply(api.planDestroy(NAME));

        assertThat(addresses)
                .noneMatch(address -> isOpen(address, NEXT_PORT) || isOpen(address, 2380));
        try (Stream<Path> machines = Files.list(engine.machinesDirectory())) {
            assertThat(machines).isEmpty();
        }
        assertThat(api.machines()).extracting(Answer.Machine::name).containsExactly("engine");
        engine.stop();
        assertThat(engine.leftovers()).isEmpty();
        succeeded();
    }

    private Answer.Plan plan(int count, int port) {
        return api.planApply(
                cluster()
                        .replace("count: 3", "count: " + count)
                        .replace("client_port: 2379", "client_port: " + port),
                List.of());
    }

    private static String cluster() {
        try {
            return Files.readString(Checkout.root().resolve("examples/quickstart/cluster.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer.Run apply(Answer.Plan plan) {
        Answer.Run run = api.awaitEnd(api.start(plan).id(), TO_APPLY);
        assertThat(run.state()).as(() -> describe(run)).isEqualTo("succeeded");
        return run;
    }

    private String describe(Answer.Run run) {
        StringBuilder text = new StringBuilder(run.reason());
        for (Answer.Node node : api.nodes(run.id())) {
            text.append("\n%s %s %s".formatted(node.key(), node.state(), node.reason()));
            if (node.state().equals("failed")) {
                text.append('\n').append(api.logText(run.id(), node.key()));
            }
        }
        return text.toString();
    }

    private List<String> members() {
        return api.cluster(NAME).members().stream().map(Answer.Cluster.Member::name).toList();
    }

    private String id(int ordinal) {
        return api.machine(name(ordinal)).id();
    }

    private EtcdClient etcd(int ordinal) {
        return new EtcdClient(engine, id(ordinal));
    }

    private boolean isOpen(int ordinal, int port) {
        return isOpen(api.machine(name(ordinal)).address().orElseThrow(), port);
    }

    private static boolean isOpen(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1_000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// What a member has in the clear, the engine has stored, but sealed.
    private void assertKeysAreSealed() throws IOException {
        List<String> keys =
                texts(engine.machinesDirectory().resolve(id(0)).resolve("agent/state")).stream()
                        .filter(text -> text.startsWith("-----BEGIN PRIVATE KEY-----\n"))
                        .map(text -> text.lines().skip(1).findFirst().orElseThrow())
                        .toList();
        assertThat(keys).isNotEmpty();
        List<String> stored = texts(engine.data().resolve("store"));
        assertThat(stored).anyMatch(text -> text.contains(name(0)));
        assertThat(stored).noneMatch(text -> keys.stream().anyMatch(text::contains));
    }

    private static List<String> texts(Path folder) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.size(file) < 64 << 20) {
                    texts.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return texts;
    }

    private static boolean isOf(String key, int ordinal) {
        return key.endsWith("@" + name(ordinal));
    }

    private static String name(int ordinal) {
        return NAME + "-members-" + ordinal;
    }

    private static long only(List<Long> pids) {
        assertThat(pids).hasSize(1);
        return pids.getFirst();
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// From the first start to the last end of what concerns one machine.
    private record Turn(Instant from, Instant to) {
        static Turn of(List<Answer.Node> nodes, Predicate<Answer.Node> part) {
            List<Answer.Node> own = nodes.stream().filter(part).toList();
            assertThat(own).isNotEmpty();
            return new Turn(
                    own.stream()
                            .map(Answer.Node::startedAt)
                            .map(Optional::orElseThrow)
                            .min(Comparator.naturalOrder())
                            .orElseThrow(),
                    own.stream()
                            .map(Answer.Node::endedAt)
                            .map(Optional::orElseThrow)
                            .max(Comparator.naturalOrder())
                            .orElseThrow());
        }
    }

    private static List<Turn> turns(List<Answer.Node> nodes, String key, Integer... ordinals) {
        return Stream.of(ordinals)
                .map(ordinal ->
                        Turn.of(nodes, node -> node.key().equals(key.formatted(name(ordinal)))))
                .toList();
    }

    private static void assertOneAtATime(List<Turn> turns) {
        List<Turn> inOrder = turns.stream().sorted(Comparator.comparing(Turn::from)).toList();
        for (int i = 1; i < inOrder.size(); i++) {
            assertThat(inOrder.get(i).from()).isAfterOrEqualTo(inOrder.get(i - 1).to());
        }
    }
}
