package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.util.List;

/// How machines take turns, and what a failure does to the turns of the others.
class TurnsTest {
    private static final NodeKey A = NodeKey.of("s", "a");
    private static final NodeKey B = NodeKey.of("s", "b");
    private static final NodeKey C = NodeKey.of("s", "c");
    private static final NodeKey D = NodeKey.of("s", "d");

    private final Rig rig = new Rig("a", "b", "c", "d");

    private static NodeKey turn(NodeKey step) {
        return FakeControl.turnOf(step);
    }

    private FakePlan.Builder plan(int most, int failures) {
        FakePlan.Builder plan = FakePlan.of("demo");
        for (NodeKey step : new NodeKey[] {A, B, C, D}) {
            plan.step("s", step.machine().orElseThrow());
        }
        new FakeControl(plan).turns(most, failures, A, B, C, D);
        return plan;
    }

    @Test
    void onlySoManyRunAtATime() {
        rig.start(plan(2, 0).build());
        assertThat(rig.state(B)).isEqualTo(NodeState.READY);
        assertThat(rig.state(C)).isEqualTo(NodeState.BLOCKED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.state(D)).isEqualTo(NodeState.READY);
        assertThat(rig.state(C)).isEqualTo(NodeState.BLOCKED);
    }

    @Test
    void afterAFailureTooManyNoOtherMachineBeginsAndThoseThatRunFinish() {
        rig.start(plan(2, 0).build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(C)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.node(turn(C)).reason()).contains("1 failed", "max_failures is 0");
        assertThat(rig.core().explain(rig.run, C))
                .extracting(Cause::subject)
                .containsSequence(C.toString(), turn(C).toString(), A.toString());
        rig.restart();
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        assertThat(rig.state(D)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.node(C).reason()).isEqualTo("s@a did not succeed");
    }

    @Test
    void failuresWithinTheBoundLetTheOthersGoOn() {
        FakePlan.Builder plan = plan(1, 1);
        NodeKey afterA = plan.step("t", "a").reads(A).key();
        NodeKey afterB = plan.step("t", "b").reads(B).key();
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("c", Outcome.FAILED);
        assertThat(rig.state(afterA)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.state(afterB)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.state(D)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    /// Both fail while a third runs, which began within the bound: it finishes.
    @Test
    void asManyAsAreAllowedMayFailInOneWaveAndOneMoreEndsIt() {
        rig.start(plan(3, 1).build());
        rig.work("b", Outcome.FAILED);
        assertThat(rig.state(D)).as("its turn comes after that of A").isEqualTo(NodeState.BLOCKED);
        assertThat(rig.node(turn(D)).reason()).isEmpty();
        rig.work("c", Outcome.FAILED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.node(turn(D)).reason()).contains("2 failed", "max_failures is 1");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void asManyFailuresAsAreAllowedKeepNobodyFromBeginning() {
        rig.start(plan(1, 3).build());
        for (String machine : new String[] {"a", "b", "c"}) {
            rig.work(machine, Outcome.FAILED);
        }
        rig.work("d", Outcome.SUCCEEDED);
        assertThat(rig.state(D)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void afterAFailedCanaryNoOtherBeginsHoweverManyMayFail() {
        FakePlan.Builder plan = plan(2, 4);
        new FakeControl(plan).canaries(List.of(A, B), C, D);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.state(C)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.node(C).reason()).isEqualTo("s@a did not succeed");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        rig.retry();
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("c", Outcome.SUCCEEDED);
        rig.work("d", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void aRetryTakesUpWhatFailedAndTheTurnsGoOn() {
        rig.start(plan(1, 0).build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        rig.retry();
        assertThat(rig.state(B)).isEqualTo(NodeState.BLOCKED);
        for (String machine : new String[] {"a", "b", "c", "d"}) {
            rig.work(machine, Outcome.SUCCEEDED);
        }
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void whatIsTriedAgainWhileOthersRunWaitsForItsTurn() {
        rig.start(plan(1, 1).build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(B)).isEqualTo(NodeState.READY);
        rig.retry();
        assertThat(rig.state(A)).isEqualTo(NodeState.BLOCKED);
        rig.work("b", Outcome.SUCCEEDED);
        // It does not matter which of the two comes first, but only one may run.
        assertThat(rig.state(A) == NodeState.READY).isNotEqualTo(rig.state(C) == NodeState.READY);
    }

    @Test
    void aTurnIsOverWithItsGate() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a");
        plan.step("s", "b");
        new FakeControl(plan).turnsUntil("health", 1, 0, A, B);
        NodeKey health = plan.step("health", "a").reads(A).key();
        plan.step("health", "b").reads(B);
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.state(B)).isEqualTo(NodeState.BLOCKED);
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(health)).isEqualTo(NodeState.FAILED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        assertThat(rig.state(B)).isEqualTo(NodeState.BLOCKED);
        rig.retry();
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void whatCannotRunForAnEarlierFailureCountsAsFailed() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey before = plan.step("p", "a").key();
        plan.step("s", "a");
        plan.step("s", "b");
        new FakeControl(plan).turns(1, 0, A, B);
        plan.after(A, before);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(B)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.node(B).reason()).isEqualTo("p@a did not succeed");
    }

    @Test
    void turnsThatWereLostBehindARefusedOneBeginAnewWithARetry() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("p", "a").key();
        NodeKey second = plan.step("p", "b").key();
        for (NodeKey step : new NodeKey[] {A, B, C}) {
            plan.step("s", step.machine().orElseThrow()).reads(second);
        }
        new FakeControl(plan).turns(1, 0, first, second).turns(1, 2, A, B, C);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(turn(second))).as("refused").isEqualTo(NodeState.BLOCKED);
        assertThat(rig.state(turn(B))).as("A is lost").isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);

        rig.retry();
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);

        assertThat(rig.state(A)).isEqualTo(NodeState.READY);
        assertThat(rig.state(B)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.state(C)).isEqualTo(NodeState.BLOCKED);
    }

    @Test
    void turnsThatWereLostBehindWhatIsSkippedBeginAnew() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey before = plan.step("p", "a").key();
        plan.step("open", "d");
        for (NodeKey step : new NodeKey[] {A, B, C}) {
            plan.step("s", step.machine().orElseThrow()).reads(before);
        }
        new FakeControl(plan).turns(1, 2, A, B, C);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(turn(B))).isEqualTo(NodeState.SUCCEEDED);

        rig.skip(before);

        assertThat(rig.state(A)).isEqualTo(NodeState.READY);
        assertThat(rig.state(B)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.state(C)).isEqualTo(NodeState.BLOCKED);
    }

    @Test
    void aPartialReaderGoesOnWhenWhatItReadsCannotRunAnyMore() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("p", "a").key();
        NodeKey second = plan.step("s", "a").reads(first).key();
        NodeKey reader = plan.step("r", "b").reads(second).key();
        plan.afterSettled(reader, second);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.state(reader)).isEqualTo(NodeState.SUCCEEDED);
    }
}
