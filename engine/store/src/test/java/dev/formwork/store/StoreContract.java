package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.result.StepResult;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// What every [Store] does. A store's own test extends this and says how it is opened; none leaves
/// a test out.
abstract class StoreContract {
    private static final JobId JOB = new JobId("J1");

    private Store store;

    /// An empty store.
    abstract Store open() throws Exception;

    /// The same store, as a restarted engine finds it. The one given is closed already.
    abstract Store reopen(Store closed) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    final Store store() {
        return store;
    }

    final void commit(Change... changes) {
        commit(Arrays.asList(changes));
    }

    final void commit(List<Change> changes) {
        try {
            store.commit(changes).get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not committed", e);
        }
    }

    private void restart() throws Exception {
        store.close();
        store = reopen(store);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(store.machines()).isEmpty();
        assertThat(store.clusters()).isEmpty();
        assertThat(store.cluster("demo")).isEmpty();
        assertThat(store.results("demo")).isEmpty();
        assertThat(store.plan("p")).isEmpty();
        assertThat(store.approval("p")).isEmpty();
        assertThat(store.runs(Optional.empty(), 10)).isEmpty();
        assertThat(store.openRuns()).isEmpty();
        assertThat(store.run(Samples.RUN)).isEmpty();
        assertThat(store.nodes(Samples.RUN)).isEmpty();
        assertThat(store.openJobs()).isEmpty();
        assertThat(store.job(JOB)).isEmpty();
        assertThat(store.jobs(Samples.RUN)).isEmpty();
        assertThat(store.log(JOB, 0, 10)).isEmpty();
        assertThat(store.logLength(JOB)).isZero();
        assertThat(store.events(0, 10)).isEmpty();
        assertThat(store.files("f")).isEmpty();
        assertThat(store.setting("s")).isEmpty();
    }

    @Test
    void givesBackEveryRecordAfterARestart() throws Exception {
        Machine machine = Samples.machine("M1");
        Machine bare = Samples.bareMachine("M2");
        StepResult result = Samples.result("demo", Samples.KEY);
        RunRecord run = Samples.run("R1", "demo", Samples.NOW, RunRecord.State.FAILED);
        NodeRecord node = Samples.node(Samples.RUN, Samples.KEY);
        NodeRecord blocked = NodeRecord.blocked(Samples.RUN, NodeKey.parse("all:member"));
        JobRecord job = Samples.job("J1", Samples.RUN, Samples.NOW, JobRecord.State.STARTED);
        commit(
                new Change.PutMachine(machine),
                new Change.PutMachine(bare),
                new Change.PutCluster(Samples.cluster("demo")),
                new Change.PutResult(result),
                new Change.PutPlan("p", Samples.plan(3), Samples.NOW),
                new Change.PutApproval(Samples.approval("p")),
                new Change.PutRun(run),
                new Change.PutNode(node),
                new Change.PutNode(blocked),
                new Change.PutJob(job),
                new Change.AppendLog(JOB, 0, bytes("hello")),
                new Change.AppendEvent(Samples.event("member@demo")),
                new Change.PutFiles("f", Samples.files()),
                new Change.PutSetting("s", "t"));

        restart();

        assertThat(store.machines()).containsExactlyInAnyOrder(machine, bare);
        assertThat(store.clusters()).containsExactly(Samples.cluster("demo"));
        assertThat(store.cluster("demo")).contains(Samples.cluster("demo"));
        assertThat(store.results("demo")).containsExactly(result);
        assertThat(store.plan("p")).contains(Samples.plan(3));
        assertThat(store.approval("p")).contains(Samples.approval("p"));
        assertThat(store.run(Samples.RUN)).contains(run);
        assertThat(store.nodes(Samples.RUN)).containsExactlyInAnyOrder(node, blocked);
        assertThat(store.job(JOB)).contains(job);
        assertThat(store.openJobs()).containsExactly(job);
        assertThat(store.jobs(Samples.RUN)).containsExactly(job);
        assertThat(store.log(JOB, 0, 100)).asString(StandardCharsets.UTF_8).isEqualTo("hello");
        assertThat(store.events(0, 10))
                .singleElement()
                .isEqualTo(
                        new Event(
                                1,
                                Samples.NOW,
                                "node.changed",
                                Optional.of(Samples.RUN),
                                "member@demo",
                                Samples.event("x").data()));
        assertThat(files("f")).isEqualTo(Samples.files().digest());
        assertThat(store.setting("s")).contains("t");
    }

    @Test
    void putReplaces() {
        commit(
                new Change.PutMachine(Samples.machine("M1")),
                new Change.PutCluster(Samples.cluster("demo")),
                new Change.PutResult(Samples.result("demo", Samples.KEY)),
                new Change.PutApproval(Samples.approval("p")),
                new Change.PutRun(Samples.run("R1", "demo", Samples.NOW, RunRecord.State.RUNNING)),
                new Change.PutNode(NodeRecord.blocked(Samples.RUN, Samples.KEY)),
                new Change.PutJob(
                        Samples.job("J1", Samples.RUN, Samples.NOW, JobRecord.State.OFFERED)),
                new Change.PutSetting("s", "1"));
        Machine gone = Samples.machine("M1").withState(Machine.State.GONE);
        Approval unused = new Approval("p", "bob", Samples.NOW, Instant.MAX, Optional.empty());
        RunRecord failed = Samples.run("R1", "demo", Samples.NOW, RunRecord.State.FAILED);
        NodeRecord node = Samples.node(Samples.RUN, Samples.KEY);
        JobRecord closed = Samples.job("J1", Samples.RUN, Samples.NOW, JobRecord.State.CLOSED);

        commit(
                new Change.PutMachine(gone),
                new Change.PutResult(Samples.result("demo", Samples.KEY).withTaint()),
                new Change.PutApproval(unused),
                new Change.PutRun(failed),
                new Change.PutNode(node),
                new Change.PutJob(closed),
                new Change.PutSetting("s", "2"));

        assertThat(store.machines()).containsExactly(gone);
        assertThat(store.results("demo")).singleElement().matches(StepResult::tainted);
        assertThat(store.approval("p").orElseThrow().by()).isEqualTo("bob");
        assertThat(store.approval("p").orElseThrow().expiresAt()).isAfter("9999-01-01T00:00:00Z");
        assertThat(store.approval("p").orElseThrow().usedBy()).isEmpty();
        assertThat(store.run(Samples.RUN)).contains(failed);
        assertThat(store.nodes(Samples.RUN)).containsExactly(node);
        assertThat(store.openJobs()).isEmpty();
        assertThat(store.job(JOB)).contains(closed);
        assertThat(store.setting("s")).contains("2");
    }

    @Test
    void theLastOfSeveralWritesInOneCommitCounts() {
        Machine machine = Samples.machine("M1");
        commit(
                new Change.DropMachine(machine.id()),
                new Change.PutMachine(machine.withState(Machine.State.GONE)),
                new Change.PutMachine(machine),
                new Change.PutMachine(Samples.machine("M2")),
                new Change.DropMachine(new MachineId("M2")),
                new Change.PutSetting("s", "1"),
                new Change.PutSetting("s", "2"));

        assertThat(store.machines()).containsExactly(machine);
        assertThat(store.setting("s")).contains("2");
    }

    @Test
    void dropForgetsAndIsContentWhereNothingIs() {
        commit(
                new Change.PutMachine(Samples.machine("M1")),
                new Change.PutCluster(Samples.cluster("demo")),
                new Change.PutResult(Samples.result("demo", Samples.KEY)),
                new Change.PutResult(Samples.result("other", Samples.KEY)));

        commit(
                new Change.DropMachine(new MachineId("M1")),
                new Change.DropMachine(new MachineId("M9")),
                new Change.DropCluster("demo"),
                new Change.DropCluster("nowhere"),
                new Change.DropResult("demo", Samples.KEY),
                new Change.DropResult("nowhere", Samples.KEY),
                new Change.DropRun(new RunId("R9")));

        assertThat(store.machines()).isEmpty();
        assertThat(store.clusters()).isEmpty();
        assertThat(store.results("demo")).isEmpty();
        assertThat(store.results("other")).hasSize(1);
    }

    @Test
    void plansAndFilesNeverChange() {
        commit(
                new Change.PutPlan("p", Samples.plan(1), Samples.NOW),
                new Change.PutFiles("f", Samples.files()));
        commit(
                new Change.PutPlan("p", Samples.plan(2), Samples.NOW.plusSeconds(1)),
                new Change.PutFiles("f", new FileTree(java.util.Map.of())));

        assertThat(store.plan("p")).contains(Samples.plan(1));
        assertThat(files("f")).isEqualTo(Samples.files().digest());
    }

    @Test
    void keepsAnEmptyTreeAndABigPlan() {
        commit(
                new Change.PutFiles("empty", new FileTree(java.util.Map.of())),
                new Change.PutPlan("big", Samples.plan(20_000), Samples.NOW));

        assertThat(store.files("empty").orElseThrow().files()).isEmpty();
        assertThat(store.plan("big")).contains(Samples.plan(20_000));
    }

    @Test
    void listsRunsNewestFirst() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            changes.add(
                    new Change.PutRun(
                            Samples.run(
                                    "R" + i,
                                    i % 2 == 0 ? "even" : "odd",
                                    Samples.NOW.plusSeconds(i / 2),
                                    RunRecord.State.SUCCEEDED)));
        }
        commit(changes);

        assertThat(store.runs(Optional.empty(), 3))
                .extracting(run -> run.id().value())
                .containsExactly("R9", "R8", "R7");
        assertThat(store.runs(Optional.of("even"), 100))
                .extracting(run -> run.id().value())
                .containsExactly("R8", "R6", "R4", "R2", "R0");
        assertThat(store.runs(Optional.of("nowhere"), 100)).isEmpty();
        assertThat(store.runs(Optional.empty(), 0)).isEmpty();
    }

    @Test
    void tellsOpenRunsAndJobs() {
        List<Change> changes = new ArrayList<>();
        for (RunRecord.State state : RunRecord.State.values()) {
            changes.add(
                    new Change.PutRun(Samples.run("R-" + state.word(), "c", Samples.NOW, state)));
        }
        for (JobRecord.State state : JobRecord.State.values()) {
            changes.add(
                    new Change.PutJob(Samples.job("J-" + state, Samples.RUN, Samples.NOW, state)));
        }
        commit(changes);

        assertThat(store.openRuns())
                .extracting(run -> run.id().value())
                .containsExactlyInAnyOrder("R-running", "R-cancelling");
        assertThat(store.openJobs())
                .extracting(job -> job.id().value())
                .containsExactlyInAnyOrder("J-OFFERED", "J-STARTED", "J-CANCELLING");
    }

    @Test
    void listsJobsOldestFirst() {
        commit(
                new Change.PutJob(
                        Samples.job(
                                "J2",
                                Samples.RUN,
                                Samples.NOW.plusSeconds(1),
                                JobRecord.State.CLOSED)),
                new Change.PutJob(
                        Samples.job("J3", Samples.RUN, Samples.NOW, JobRecord.State.CLOSED)),
                new Change.PutJob(
                        Samples.job("J1", new RunId("R2"), Samples.NOW, JobRecord.State.CLOSED)));

        assertThat(store.jobs(Samples.RUN))
                .extracting(job -> job.id().value())
                .containsExactly("J3", "J2");
    }

    @Test
    void readsALogByRange() throws Exception {
        byte[] whole = new byte[300_000];
        new java.util.Random(1).nextBytes(whole);
        List<Change> changes = new ArrayList<>();
        int at = 0;
        for (int size : new int[] {0, 1, 70_000, 65_536, 3, 100_000, 64_460}) {
            changes.add(new Change.AppendLog(JOB, at, ByteBuffer.wrap(whole, at, size)));
            at += size;
        }
        assertThat(at).isEqualTo(whole.length);
        commit(changes.subList(0, 3));
        commit(changes.subList(3, 5));
        restart();
        commit(changes.subList(5, 7));

        assertThat(store.logLength(JOB)).isEqualTo(whole.length);
        assertThat(store.log(JOB, 0, Integer.MAX_VALUE)).isEqualTo(whole);
        for (int from : new int[] {0, 1, 65_535, 65_536, 65_537, 135_536, 299_999, 300_000}) {
            assertThat(store.log(JOB, from, 1_000))
                    .isEqualTo(
                            Arrays.copyOfRange(whole, from, Math.min(whole.length, from + 1_000)));
        }
        assertThat(store.log(JOB, 400_000, 10)).isEmpty();
        assertThat(store.log(JOB, 10, 0)).isEmpty();
    }

    @Test
    void leavesTheBytesOfALogAsTheyWere() {
        ByteBuffer bytes = ByteBuffer.wrap("xhellox".getBytes(StandardCharsets.UTF_8), 1, 5);
        commit(new Change.AppendLog(JOB, 0, bytes));

        assertThat(bytes.position()).isEqualTo(1);
        assertThat(store.log(JOB, 0, 10)).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    }

    @Test
    void givesEventsRisingIdsAcrossRestarts() throws Exception {
        commit(event("a"), event("b"));
        commit(event("c"));
        restart();
        commit(event("d"));

        assertThat(store.events(0, 10))
                .extracting(Event::subject)
                .containsExactly("a", "b", "c", "d");
        assertThat(store.events(0, 10)).extracting(Event::id).isSorted().doesNotHaveDuplicates();
        long second = store.events(0, 10).get(1).id();
        assertThat(store.events(second, 1)).extracting(Event::subject).containsExactly("c");
        assertThat(store.events(Long.MAX_VALUE, 1)).isEmpty();
    }

    @Test
    void aReaderOfEventsMissesNone() throws Exception {
        int writers = 4;
        int each = 200;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            String name = "w" + i;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int n = 0; n < each; n++) {
                                    commit(event(name + "-" + n), event(name + "-" + n + "b"));
                                }
                            }));
        }
        List<Event> seen = new ArrayList<>();
        while (seen.size() < writers * each * 2) {
            long after = seen.isEmpty() ? 0 : seen.getLast().id();
            List<Event> more = store.events(after, 50);
            seen.addAll(more);
            if (more.isEmpty()) {
                Thread.onSpinWait();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(seen).extracting(Event::id).isSorted().doesNotHaveDuplicates();
        assertThat(seen).extracting(Event::subject).doesNotHaveDuplicates();
    }

    @Test
    void readsSeeWhatWasCommittedBeforeThem() {
        for (int i = 0; i < 200; i++) {
            commit(new Change.PutSetting("s", "" + i));
            assertThat(store.setting("s")).contains("" + i);
        }
    }

    @Test
    void commitsOfOneCallerKeepTheirOrder() throws Exception {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            futures.add(store.commit(List.of(new Change.PutSetting("s", "" + i), event("" + i))));
        }
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .get(60, TimeUnit.SECONDS);

        assertThat(store.setting("s")).contains("999");
        assertThat(store.events(0, 2_000))
                .extracting(Event::subject)
                .containsExactlyElementsOf(
                        LongStream.range(0, 1_000).mapToObj(Long::toString).toList());
    }

    @Test
    void anEmptyCommitSucceeds() {
        commit();
    }

    @Test
    void forgetsARunWithAllBelowIt() throws Exception {
        RunId other = new RunId("R2");
        for (RunId run : List.of(Samples.RUN, other)) {
            List<Change> changes = new ArrayList<>();
            changes.add(
                    new Change.PutRun(
                            Samples.run(run.value(), "c", Samples.NOW, RunRecord.State.RUNNING)));
            for (int i = 0; i < 1_500; i++) {
                changes.add(
                        new Change.PutNode(NodeRecord.blocked(run, NodeKey.of("s", "demo-" + i))));
            }
            for (int i = 0; i < 3; i++) {
                String job = "J" + run + i;
                changes.add(
                        new Change.PutJob(
                                Samples.job(job, run, Samples.NOW, JobRecord.State.STARTED)));
                changes.add(new Change.AppendLog(new JobId(job), 0, bytes("log of " + run)));
            }
            commit(changes);
        }

        commit(new Change.DropRun(Samples.RUN), event("dropped"));

        for (int round = 0; round < 2; round++) {
            assertThat(store.run(Samples.RUN)).isEmpty();
            assertThat(store.runs(Optional.empty(), 10))
                    .extracting(RunRecord::id)
                    .containsExactly(other);
            assertThat(store.openRuns()).extracting(RunRecord::id).containsExactly(other);
            assertThat(store.nodes(Samples.RUN)).isEmpty();
            assertThat(store.jobs(Samples.RUN)).isEmpty();
            assertThat(store.job(new JobId("JR10"))).isEmpty();
            assertThat(store.logLength(new JobId("JR10"))).isZero();
            assertThat(store.log(new JobId("JR10"), 0, 10)).isEmpty();
            assertThat(store.openJobs()).hasSize(3).allMatch(job -> job.run().equals(other));
            assertThat(store.nodes(other)).hasSize(1_500);
            assertThat(store.log(new JobId("JR20"), 0, 100)).isNotEmpty();
            restart();
        }
    }

    @Test
    void aForgottenRunThatComesBackBringsNothingOld() {
        commit(
                new Change.PutRun(Samples.run("R1", "c", Samples.NOW, RunRecord.State.RUNNING)),
                new Change.PutNode(NodeRecord.blocked(Samples.RUN, Samples.KEY)),
                new Change.DropRun(Samples.RUN),
                new Change.PutRun(Samples.run("R1", "c", Samples.NOW, RunRecord.State.FAILED)));

        assertThat(store.run(Samples.RUN).orElseThrow().state()).isEqualTo(RunRecord.State.FAILED);
        assertThat(store.nodes(Samples.RUN)).isEmpty();
    }

    @Test
    void refusesAGapInALogAndAllThatFollows() throws Exception {
        commit(new Change.AppendLog(JOB, 0, bytes("12345")));

        CompletableFuture<Void> gap =
                store.commit(
                        List.of(
                                new Change.PutSetting("s", "half"),
                                new Change.AppendLog(JOB, 6, bytes("7"))));
        assertThatThrownBy(() -> gap.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("store.log-gap"));
        assertThat(codeOf(store.commit(List.of(new Change.PutSetting("s", "later")))))
                .isEqualTo("store.broken");

        restart();
        assertThat(store.setting("s")).isEmpty();
        assertThat(store.logLength(JOB)).isEqualTo(5);
        commit(new Change.PutSetting("s", "anew"));
        assertThat(store.setting("s")).contains("anew");
    }

    @Test
    void isClosedOnce() {
        store.close();
        store.close();

        assertThat(codeOf(store.commit(List.of(new Change.PutSetting("s", "t")))))
                .isEqualTo("store.closed");
        assertThatThrownBy(() -> store.machines())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("store.closed"));
    }

    @Test
    void carriesOnWhereAReaderIsInterrupted() {
        commit(new Change.PutSetting("s", "t"));
        Thread.currentThread().interrupt();
        try {
            assertThat(store.setting("s")).contains("t");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        commit(new Change.PutSetting("s", "u"));
        assertThat(store.setting("s")).contains("u");
    }

    static String codeOf(CompletableFuture<Void> commit) {
        try {
            commit.get(60, TimeUnit.SECONDS);
            return "";
        } catch (ExecutionException e) {
            return e.getCause() instanceof ProblemException problem
                    ? problem.code()
                    : String.valueOf(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Change event(String subject) {
        return new Change.AppendEvent(Samples.event(subject));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private String files(String digest) {
        return store.files(digest).orElseThrow().digest();
    }
}
