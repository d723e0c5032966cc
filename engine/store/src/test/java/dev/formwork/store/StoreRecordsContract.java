package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What every [Store] does with records: gives back what it was given.
abstract class StoreRecordsContract extends StoreFixture {
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
                new Change.PutFiles("f", Samples.files(), Samples.NOW),
                new Change.PutSetting("s", "t"),
                new Change.PutMachine(Samples.pooled("M3")),
                new Change.PutPool(Samples.pool("metal")),
                new Change.PutPool(Samples.pool("old")),
                new Change.PutPool(Samples.pool("metal").with(new MachineId("M9"))),
                new Change.DropPool("old"),
                new Change.PutLease("10.0.0.1", "first"),
                new Change.PutLease("10.0.0.2", "second"),
                new Change.PutLease("10.0.0.1", "third"));

        restart();

        assertThat(store.leases()).containsExactlyInAnyOrder("third", "second");
        assertThat(store.pools()).containsExactly(Samples.pool("metal").with(new MachineId("M9")));

        assertThat(store.machines()).containsExactlyInAnyOrder(machine, bare, Samples.pooled("M3"));
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
    void findsAMachineByItsId() {
        commit(
                new Change.PutMachine(Samples.machine("M1")),
                new Change.PutMachine(Samples.bareMachine("M2")));

        assertThat(store.machine(new MachineId("M1"))).contains(Samples.machine("M1"));
        assertThat(store.machine(new MachineId("M2"))).contains(Samples.bareMachine("M2"));
        assertThat(store.machine(new MachineId("M3"))).isEmpty();
        commit(new Change.DropMachine(new MachineId("M1")));
        assertThat(store.machine(new MachineId("M1"))).isEmpty();
    }

    @Test
    void keepsTheShardsOfARun() throws Exception {
        TreeSet<Shard> shards =
                new TreeSet<>(
                        Set.of(Shard.ofCluster("demo"), Shard.ofCluster("other"), Shard.MUTEXES));
        commit(
                new Change.PutRun(
                        Samples.run("R1", "demo", Samples.NOW, RunRecord.State.RUNNING)
                                .withShards(shards)));
        restart();

        assertThat(store.run(Samples.RUN).orElseThrow().shards()).isEqualTo(shards);
        assertThat(store.openRuns())
                .singleElement()
                .extracting(RunRecord::shards)
                .isEqualTo(shards);
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
                new Change.PutFiles("f", Samples.files(), Samples.NOW));
        commit(
                new Change.PutPlan("p", Samples.plan(2), Samples.NOW.plusSeconds(1)),
                new Change.PutFiles("f", new FileTree(java.util.Map.of()), Samples.NOW));

        assertThat(store.plan("p")).contains(Samples.plan(1));
        assertThat(files("f")).isEqualTo(Samples.files().digest());
    }

    @Test
    void keepsAnEmptyTreeAndABigPlan() {
        commit(
                new Change.PutFiles("empty", new FileTree(java.util.Map.of()), Samples.NOW),
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
    void tellsWhichRunsMayBeForgotten() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            changes.add(
                    new Change.PutRun(
                            Samples.run(
                                    "R" + i,
                                    i % 2 == 0 ? "even" : "odd",
                                    Samples.NOW.plusSeconds(i),
                                    i == 1 ? RunRecord.State.RUNNING : RunRecord.State.FAILED)));
        }
        commit(changes);

        assertThat(store.oldRuns(3, Samples.NOW.minusSeconds(9_999), 100))
                .as("beyond the newest three; an open one never")
                .extracting(run -> run.id().value())
                .containsExactly("R0", "R2", "R3");
        assertThat(store.oldRuns(3, Samples.NOW.minusSeconds(9_999), 1)).hasSize(1);
        assertThat(store.oldRuns(100, Samples.NOW.plusSeconds(9_999), 100))
                .as("ended long ago; a cluster's last never")
                .extracting(run -> run.id().value())
                .containsExactly("R0", "R2", "R3", "R4", "R5", "R6", "R7");
        assertThat(store.oldRuns(100, Samples.NOW, 100)).isEmpty();
    }

    @Test
    void tellsWhichPlansMayBeForgottenAndForgetsThem() throws Exception {
        commit(
                new Change.PutPlan("unused", Samples.plan(1), Samples.NOW),
                new Change.PutPlan("sha256:plan-R1", Samples.plan(1), Samples.NOW),
                new Change.PutPlan("approved", Samples.plan(1), Samples.NOW),
                new Change.PutPlan("new", Samples.plan(1), Samples.NOW.plusSeconds(60)),
                new Change.PutApproval(Samples.approval("approved")),
                new Change.PutRun(Samples.run("R1", "c", Samples.NOW, RunRecord.State.FAILED)));

        assertThat(store.unusedPlans(Samples.NOW, 10)).isEmpty();
        assertThat(store.unusedPlans(Samples.NOW.plusSeconds(1), 10)).containsExactly("unused");
        assertThat(store.unusedPlans(Samples.NOW.plusSeconds(999_999_999), 10))
                .containsExactlyInAnyOrder("approved", "unused", "new");
        commit(new Change.DropPlan("approved"), new Change.DropPlan("nowhere"));
        restart();
        assertThat(store.plan("approved")).isEmpty();
        assertThat(store.approval("approved")).isEmpty();
        assertThat(store.plan("unused")).isPresent();
        commit(new Change.PutPlan("approved", Samples.plan(2), Samples.NOW));
        assertThat(store.plan("approved")).contains(Samples.plan(2));
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
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(RunRecord.State.values())
                                .filter(state -> !state.ended())
                                .map(state -> "R-" + state.word())
                                .toList());
        assertThat(store.openJobs())
                .extracting(job -> job.id().value())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(JobRecord.State.values())
                                .filter(state -> state != JobRecord.State.CLOSED)
                                .map(state -> "J-" + state)
                                .toList());
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
}
