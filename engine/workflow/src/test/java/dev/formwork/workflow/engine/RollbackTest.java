package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

/// What a run has done is undone when something fails, in the reverse order.
class RollbackTest {
    private static final NodeKey A = NodeKey.of("s", "a");
    private static final NodeKey T = NodeKey.of("t", "a");
    private static final NodeKey B = NodeKey.of("f", "b");
    private static final NodeKey BEHIND = NodeKey.of("g", "b");
    private static final NodeKey UNDO_A = NodeKey.of("rollback:s", "a");
    private static final NodeKey UNDO_T = NodeKey.of("rollback:t", "a");

    private final Rig rig = new Rig("a", "b");

    private FakePlan plan() {
        FakePlan.Builder plan = FakePlan.of("demo");
        FakeStep first = plan.step("s", "a");
        FakeStep second = plan.step("t", "a").reads(A);
        plan.step("f", "b").reads(T).undoesAll();
        plan.step("g", "b").reads(B);
        NodeKey undoT = new FakeControl(plan).rollback(second, A, T, B, BEHIND);
        NodeKey undoA = new FakeControl(plan).rollback(first, A, T, B, BEHIND);
        plan.after(undoA, undoT);
        return plan.build();
    }

    private void fail() {
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.FAILED);
    }

    @Test
    void nothingIsUndoneWhereNothingFails() {
        rig.start(plan());
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.state(UNDO_A)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.result("demo", A)).isPresent();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void undoesInTheReverseOrderWithTheRecordedInputsAndFails() {
        rig.start(plan());
        fail();
        assertThat(rig.state(UNDO_A)).isEqualTo(NodeState.BLOCKED);
        JobRecord job = rig.take("a");
        assertThat(job.key()).isEqualTo(UNDO_T);
        assertThat(job.mode()).isEqualTo(JobRecord.Mode.UNDO);
        assertThat(job.inputs()).isEqualTo(rig.result("demo", T).orElseThrow().inputs());
        rig.restart();
        rig.report("a", job, Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.result("demo", A)).isEmpty();
        assertThat(rig.result("demo", T)).isEmpty();
        assertThat(rig.node(A).code()).contains("step.undone");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        assertThat(rig.store.run(rig.run).orElseThrow().reason()).startsWith("f@b: ");
    }

    @Test
    void isNotRetriedMeanwhileAndARetryAfterwardsDoesAllAgain() {
        rig.start(plan());
        fail();
        assertThat(Rig.code(rig.retry())).isEqualTo("run.undoing");
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        rig.retry();
        assertThat(rig.state(UNDO_T)).isEqualTo(NodeState.BLOCKED);
        for (String machine : new String[] {"a", "a", "b", "b"}) {
            rig.work(machine, Outcome.SUCCEEDED);
        }
        assertThat(rig.state(UNDO_A)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.result("demo", A)).isPresent();
    }

    @Test
    void aRetryRepeatsWhatWasHalfUndone() {
        rig.start(plan());
        fail();
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(UNDO_T)).isEqualTo(NodeState.FAILED);
        assertThat(rig.result("demo", T).orElseThrow().tainted())
                .as("the next plan does not take it for done")
                .isTrue();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);

        rig.retry();

        assertThat(rig.take("a").key()).isEqualTo(T);
        assertThat(rig.state(A)).as("its undo had not begun").isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void whatWasHalfUndoneTakesItsTurnAgain() {
        FakePlan.Builder plan = FakePlan.of("demo");
        FakeStep first = plan.step("s", "a");
        FakeStep second = plan.step("s", "b");
        plan.step("f", "b").reads(second.key()).undoesAll();
        FakeControl control = new FakeControl(plan);
        control.turns(1, 0, A, second.key());
        control.rollback(first, A, second.key(), B);
        control.rollback(second, A, second.key(), B);
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("b", Outcome.FAILED);
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.FAILED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);

        rig.retry();

        assertThat(rig.state(A)).isEqualTo(NodeState.READY);
        assertThat(rig.state(second.key())).isEqualTo(NodeState.BLOCKED);
    }

    @Test
    void whoWaitsForAllOfAStepWaitsAgainWhereItWasUndone() {
        FakePlan.Builder plan = FakePlan.of("demo");
        FakeStep first = plan.step("s", "a");
        NodeKey gate = plan.gate("all:s");
        plan.step("f", "b").undoesAll();
        plan.after(gate, A).after(B, gate);
        new FakeControl(plan).rollback(first, A, B);
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.FAILED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.result("demo", A)).isEmpty();

        rig.retry();

        assertThat(rig.state(B)).isEqualTo(NodeState.BLOCKED);
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void whatHasNotBegunBeginsNoMore() {
        FakePlan.Builder plan = FakePlan.of("demo");
        FakeStep slow = plan.step("s", "a");
        NodeKey next = plan.step("t", "a").reads(A).key();
        plan.step("f", "b").undoesAll();
        NodeKey undo = new FakeControl(plan).rollback(slow, A, next, B);
        rig.start(plan.build());
        rig.work("b", Outcome.FAILED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.state(next)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.node(next).reason()).contains("being undone");
        assertThat(rig.take("a").key()).isEqualTo(undo);
    }

    @Test
    void whatAnEarlierRunHasDoneStays() {
        rig.given(
                FakePlan.of("x")
                        .step("s", "a")
                        .undo()
                        .result(
                                "demo",
                                Rig.FINGERPRINTER,
                                "m-a.1",
                                Rig.INPUTS,
                                Rig.OUTPUTS,
                                new RunId("r-0")));
        FakePlan.Builder plan = FakePlan.of("demo");
        FakeStep same = plan.step("s", "a");
        same.decision(Decision.UNCHANGED);
        plan.step("f", "b").undoesAll();
        NodeKey undo = new FakeControl(plan).rollback(same, A, B);
        rig.start(plan.build());
        rig.work("b", Outcome.FAILED);
        assertThat(rig.state(undo)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.result("demo", A)).isPresent();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }
}
