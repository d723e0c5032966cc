package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.module.Repeat;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

/// What runs because something failed, and what a run bears.
class FailuresTest {
    private static final NodeKey A = NodeKey.of("s", "a");
    private static final NodeKey B = NodeKey.of("s", "b");
    private static final NodeKey HANDLER = NodeKey.of("h", NodeKey.ENGINE);

    private final Rig rig = new Rig("a", "b");
    private final FakePlan.Builder plan = FakePlan.of("demo");

    private void handled() {
        plan.step("s", "a");
        plan.step("s", "b");
        new FakeControl(plan).handler(plan.step("h", NodeKey.ENGINE), A, B);
    }

    @Test
    void aHandlerIsSkippedWhereNothingFails() {
        handled();
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.state(HANDLER)).isEqualTo(NodeState.BLOCKED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.state(HANDLER)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void aHandlerRunsOnceAllThatItIsForHasEndedAndTheRunStillFails() {
        handled();
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(HANDLER)).isEqualTo(NodeState.BLOCKED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work(NodeKey.ENGINE, Outcome.SUCCEEDED);
        assertThat(rig.state(HANDLER)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void aHandlerThatRunsIsNotBegunAnewBySomebodyWhoSkipsAStep() {
        handled();
        plan.step("open", "b");
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.FAILED);
        rig.take(NodeKey.ENGINE);

        rig.skip(A);

        assertThat(rig.state(NodeKey.of("handled:h", NodeKey.ENGINE)))
                .isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void aHandlerRunsAnewEachTimeThoughItsResultIsRecorded() {
        handled();
        FakePlan compiled = plan.build();
        rig.start(compiled);
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work(NodeKey.ENGINE, Outcome.SUCCEEDED);
        rig.retry();
        assertThat(rig.state(HANDLER)).isEqualTo(NodeState.BLOCKED);
        rig.restart();
        rig.work("a", Outcome.FAILED);
        rig.work(NodeKey.ENGINE, Outcome.SUCCEEDED);
        assertThat(rig.node(HANDLER).attempt()).isEqualTo(2);
        rig.retry();
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.state(HANDLER)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.result("demo", HANDLER)).isEmpty();
    }

    @Test
    void whatDidNotRunForAnEarlierFailureHasNotFailed() {
        NodeKey first = plan.step("p", "a").key();
        plan.step("s", "a").reads(first);
        new FakeControl(plan).handler(plan.step("h", NodeKey.ENGINE), A);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(HANDLER)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void aRunBearsFailuresThatAreToleratedAndSkipsWhatIsBehindThem() {
        plan.step("s", "a").borne();
        NodeKey behind = plan.step("t", "a").reads(A).key();
        plan.step("s", "b");
        NodeKey other = plan.step("t", "b").reads(B).key();
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.store.run(rig.run).orElseThrow().reason()).startsWith("tolerated: s@a: ");
        assertThat(rig.state(A)).isEqualTo(NodeState.FAILED);
        assertThat(rig.state(behind)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.node(behind).reason()).isEqualTo("s@a did not succeed");
        assertThat(rig.state(other)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.store.cluster("demo")).isPresent();
    }

    @Test
    void oneFailureThatIsNotToleratedFailsTheRun() {
        plan.step("s", "a").borne();
        plan.step("s", "b");
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.FAILED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void turnsThatWereRefusedAreNotTolerated() {
        plan.step("s", "a").borne();
        plan.step("s", "b").borne();
        new FakeControl(plan).turns(1, 0, A, B);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(B)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void aHandlerThatMustNotHappenTwiceAsksWhenItsTimeComesAgain() {
        plan.step("s", "a");
        new FakeControl(plan)
                .handler(plan.step("h", NodeKey.ENGINE).repeat(Repeat.AT_MOST_ONCE), A);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        rig.work(NodeKey.ENGINE, Outcome.SUCCEEDED);
        rig.retry();
        rig.work("a", Outcome.FAILED);
        assertThat(rig.node(HANDLER).question()).isPresent();
    }
}
