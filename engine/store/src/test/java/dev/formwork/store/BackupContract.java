package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.placement.Placing;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.RecordSwap;
import dev.formwork.workflow.store.Store;
import dev.formwork.workflow.tape.TapeEntry;
import dev.formwork.workflow.tape.Told;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;

/// What a backup of a store holds, and what becomes of one that is restored.
abstract class BackupContract extends StoreFixture {
    static final SecretSealer SEALER = PowerLoss.SEALER;
    private static final TapeEntry BEGAN =
            new TapeEntry(Samples.NOW, new Told.Began(), false, List.of("M1"));

    @TempDir Path root;

    /// Restores into a store that is empty, of any kind, and opens it.
    abstract Store restored(Path backup, String name) throws Exception;

    final Store inDirectory(Path backup, String name) {
        Path directory = root.resolve(name);
        restore(backup).into(directory);
        return H2Store.open(directory, SEALER, Clock.systemUTC());
    }

    final Restore restore(Path backup) {
        return Restore.of(backup, SEALER, Clock.systemUTC());
    }

    final Path backup(Store of, String name) throws IOException {
        Path file = root.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            of.backup(Samples.NOW, out);
        }
        return file;
    }

    private void fill() {
        RunRecord run = Samples.run("R1", "demo", Samples.NOW, RunRecord.State.FAILED);
        commit(
                new Change.PutMachine(Samples.machine("M1")),
                new Change.PutMachine(Samples.bareMachine("M2")),
                new Change.PutMachine(Samples.pooled("M3")),
                new Change.PutPool(Samples.pool("metal")),
                new Change.PutCluster(Samples.cluster("demo")),
                new Change.PutResult(Samples.result("demo", Samples.KEY)),
                new Change.PutPlan("p", Samples.plan(300), Samples.NOW),
                new Change.PutApproval(Samples.approval("p")),
                new Change.PutRun(run),
                new Change.PutNode(Samples.node(Samples.RUN, Samples.KEY)),
                new Change.PutJob(
                        Samples.job("J1", Samples.RUN, Samples.NOW, JobRecord.State.STARTED)),
                new Change.AppendLog(JOB, 0, bytes("hello")),
                new Change.AppendTape(Samples.RUN, List.of(BEGAN)),
                new Change.KeepReplaced(
                        Samples.RUN, Samples.result("demo", Samples.KEY), Samples.NOW),
                event("one"),
                event("two"),
                new Change.PutFiles("f", Samples.files(), Samples.NOW),
                new Change.PutSetting("engine.id", "e-1"),
                new Change.PutSetting("s", "t"));
        RecordSwap record = new RecordSwap("node/a", Optional.empty(), Optional.of("whose"));
        assertThat(store.swapRecords("racks", List.of(record)).join()).isTrue();
    }

    @Test
    void givesBackAllOfIt() throws Exception {
        fill();
        Path file = backup(store, "one");
        try (Store other = restored(file, "other")) {
            assertThat(contents(other)).containsExactlyInAnyOrderEntriesOf(contents(store));
            assertThat(other.files("f").orElseThrow().digest()).isEqualTo(Samples.files().digest());
            assertThat(other.setting("s")).contains("t");
            List<Event> events = other.events(0, 10);
            assertThat(events.subList(0, 2)).isEqualTo(store.events(0, 10));
            assertThat(events).hasSize(3);
            assertThat(events.getLast().type()).isEqualTo("engine.restored");
            assertThat(events.getLast().id()).isGreaterThan(1_000_000);

            Path again = backup(other, "two");
            assertThat(other.setting(Epoch.SETTING)).contains("1");
            try (Store third = inDirectory(again, "third")) {
                assertThat(contents(third)).containsExactlyInAnyOrderEntriesOf(contents(store));
                assertThat(third.setting(Epoch.SETTING)).contains("2");
            }
        }
    }

    private static Map<String, Object> contents(Store of) {
        List<TapeEntry> tape = new ArrayList<>();
        of.tape(Samples.RUN, tape::add);
        return Map.ofEntries(
                Map.entry("machines", Set.copyOf(of.machines())),
                Map.entry("pools", of.pools()),
                Map.entry("clusters", of.clusters()),
                Map.entry("records", of.records("racks")),
                Map.entry("results", of.results("demo")),
                Map.entry("plan", of.plan("p").orElseThrow()),
                Map.entry("approval", of.approval("p").orElseThrow()),
                Map.entry("runs", of.runs(Optional.empty(), 10)),
                Map.entry("nodes", of.nodes(Samples.RUN)),
                Map.entry("jobs", of.jobs(Samples.RUN)),
                Map.entry("log", new String(of.log(JOB, 0, 100), StandardCharsets.UTF_8)),
                Map.entry("replaced", of.replaced(Samples.RUN)),
                Map.entry("tape", tape));
    }

    /// Each commit writes a setting, an event and a piece of log, while a backup is made of it.
    @Test
    void isOfOneInstantWhileOthersWrite() throws Exception {
        commit(
                new Change.PutJob(
                        Samples.job("J1", new RunId("R1"), Samples.NOW, JobRecord.State.STARTED)));
        CountDownLatch begun = new CountDownLatch(50);
        AtomicBoolean over = new AtomicBoolean();
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 1; !over.get(); i++) {
                                commit(
                                        new Change.PutSetting("count", Integer.toString(i)),
                                        event("e" + i),
                                        new Change.AppendLog(new JobId("J1"), i - 1, bytes("x")));
                                begun.countDown();
                            }
                        });
        begun.await();
        Path file = backup(store, "one");
        over.set(true);
        writer.join();

        try (Store other = restored(file, "other")) {
            int count = Integer.parseInt(other.setting("count").orElseThrow());
            assertThat(count).isGreaterThanOrEqualTo(50);
            assertThat(other.events(0, 1_000_000)).hasSize(count + 1);
            assertThat(other.logLength(JOB)).isEqualTo(count);
            assertThat(other.log(JOB, 0, 1_000_000)).hasSize(count);
            assertThat(Integer.parseInt(store.setting("count").orElseThrow()))
                    .isGreaterThanOrEqualTo(count);
        }
    }

    @Test
    void holdsNoSecretInTheClear() throws Exception {
        fill();
        byte[] file = Files.readAllBytes(backup(store, "one"));
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int zipped = "formwork backup 1\n".length();
        try (var in =
                new GZIPInputStream(
                        new ByteArrayInputStream(file, zipped, file.length - zipped - 66))) {
            in.transferTo(plain);
        }
        assertThat(plain.toString(StandardCharsets.UTF_8))
                .contains("\"e-1\"")
                .doesNotContain(Samples.SECRET);
    }

    @Test
    void refusesWhatIsNoWholeBackupOfItsKind() throws Exception {
        fill();
        Path file = backup(store, "one");
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 18, 60, good.length / 2, good.length - 1}) {
            Path cut = write("cut", Arrays.copyOf(good, length));
            assertRefused(length < 18 ? "backup.foreign" : "backup.damaged", () -> restore(cut));
        }
        byte[] changed = good.clone();
        changed[good.length / 2] ^= 1;
        assertRefused("backup.damaged", () -> restore(write("changed", changed)));
        assertRefused("backup.foreign", () -> restore(write("foreign", "PK\3\4".repeat(99))));
        assertRefused(
                "backup.newer",
                () -> restore(write("newer", "formwork backup 2\n" + "x".repeat(99))));
        byte[] another = new byte[32];
        another[0] = 1;
        assertRefused("backup.unreadable", () -> restore(root.resolve("nowhere")));
        assertRefused(
                "backup.wrong-key",
                () -> Restore.of(file, new SecretSealer(another), Clock.systemUTC()));
    }

    private Path write(String name, String content) throws IOException {
        return write(name, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(root.resolve(name), content);
    }

    @Test
    void replacesNothing() throws Exception {
        fill();
        Path file = backup(store, "one");
        restored(file, "other").close();
        assertRefused("backup.not-empty", () -> restored(file, "other").close());
    }

    /// Rows that were written when the tables were in that version.
    @ParameterizedTest
    @ValueSource(strings = {"1", "4", "8", "10"})
    void readsWhatAnEarlierEngineWrote(String version) throws Exception {
        try (Store earlier = restored(EarlierStore.backup(version, root), "earlier")) {
            assertThat(earlier.machine(new MachineId("M1")).orElseThrow())
                    .satisfies(machine -> {
                        assertThat(machine.placement())
                                .contains(new Machine.Placement("demo", "members", 2, true));
                        assertThat(machine.state()).isEqualTo(Machine.State.READY);
                        assertThat(machine.incarnation()).isEqualTo(3);
                        assertThat(machine.facts()).isEqualTo(Samples.VALUES);
                        assertThat(machine.credentialHash()).contains("c".repeat(64));
                        assertThat(machine.lastSeen()).contains(Samples.NOW);
                    });
            assertThat(earlier.machine(new MachineId("M2"))).contains(Samples.bareMachine("M2"));
            assertThat(earlier.clusters()).containsExactly(Samples.cluster("demo"));
            assertThat(earlier.results("demo"))
                    .containsExactly(Samples.result("demo", Samples.KEY));
            assertThat(earlier.plan("p").orElseThrow())
                    .satisfies(plan -> {
                        assertThat(plan.nodes()).isEqualTo(Samples.plan(3).nodes());
                        assertThat(plan.members()).isEqualTo(Samples.plan(3).members());
                        assertThat(plan.source().clusterYaml()).contains(Samples.SECRET);
                        assertThat(plan.source().pinned().clusterOutputs())
                                .isEqualTo(Samples.plan(3).source().pinned().clusterOutputs());
                    });
            assertThat(earlier.approval("p")).contains(Samples.approval("p"));
            assertThat(earlier.run(Samples.RUN).orElseThrow())
                    .satisfies(run -> {
                        assertThat(run.state()).isEqualTo(RunRecord.State.FAILED);
                        assertThat(run.reason()).isEqualTo("it failed");
                        assertThat(run.createdAt()).isEqualTo(Samples.NOW);
                        assertThat(run.shards()).containsExactly(Shard.ofCluster("demo"));
                    });
            assertThat(earlier.nodes(Samples.RUN))
                    .singleElement()
                    .satisfies(node -> {
                        assertThat(node.state()).isEqualTo(NodeState.WAITING);
                        assertThat(node.token()).isEqualTo(Long.MAX_VALUE);
                        assertThat(node.question()).contains(NodeRecord.Question.DID_IT_HAPPEN);
                    });
            assertThat(earlier.openJobs())
                    .containsExactly(
                            Samples.job("J1", Samples.RUN, Samples.NOW, JobRecord.State.STARTED));
            assertThat(earlier.log(JOB, 0, 100))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("hello");
            assertThat(earlier.events(0, 10).getFirst().subject()).isEqualTo("one");
            assertThat(earlier.files("f").orElseThrow().files())
                    .containsKeys("module.yaml", "copy.yaml", "empty");
            assertThat(earlier.setting("s")).contains("t");
            if (Integer.parseInt(version) >= 4) {
                assertThat(earlier.replaced(Samples.RUN)).isEqualTo(earlier.results("demo"));
                List<TapeEntry> tape = new ArrayList<>();
                earlier.tape(Samples.RUN, tape::add);
                assertThat(tape).containsExactly(BEGAN);
            }
            if (Integer.parseInt(version) >= 8) {
                assertThat(earlier.leases()).containsExactly("a lease");
            }
            if (version.equals("8")) {
                assertThat(earlier.machine(new MachineId("M1"))).contains(asItWas("M1"));
                assertThat(earlier.plan("p")).contains(placed(Placing.NONE));
            }
            if (Integer.parseInt(version) >= 10) {
                assertThat(earlier.machine(new MachineId("M1"))).contains(Samples.machine("M1"));
                assertThat(earlier.machine(new MachineId("M3"))).contains(Samples.pooled("M3"));
                assertThat(earlier.pools()).containsExactly(Samples.pool("metal"));
                assertThat(earlier.records("racks")).isEqualTo(Map.of("node/a", "whose"));
                Placing now = Samples.plan(3).placing();
                assertThat(earlier.plan("p"))
                        .as("it says nothing of what pools make")
                        .contains(placed(new Placing(now.choices(), new TreeMap<>(), now.cost())));
            }
        }
    }

    private static Plan placed(Placing placing) {
        Plan now = Samples.plan(3);
        return new Plan(
                now.cluster(),
                now.kind(),
                now.source(),
                now.members(),
                now.nodes(),
                now.forget(),
                placing);
    }

    /// Engines of then knew of no cloud ids, pools and places.
    private static Machine asItWas(String id) {
        Machine now = Samples.machine(id);
        NetworkBoot boot = now.boot();
        Hardware known = boot.hardware();
        return new Machine(
                now.id(),
                now.name(),
                now.placement(),
                now.provider(),
                now.instance(),
                now.state(),
                now.incarnation(),
                now.address(),
                now.facts(),
                now.bootId(),
                now.credentialHash(),
                now.bootTokenHash(),
                now.lastSeen(),
                now.params(),
                now.home(),
                boot.withHardware(
                        new Hardware(known.macs(), known.uuid(), known.serial()), boot.cards()));
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
