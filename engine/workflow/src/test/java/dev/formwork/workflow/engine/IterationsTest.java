package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.module.Repeat;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// Steps that run again until their outputs are as wanted.
class IterationsTest {
    private static final NodeKey A = NodeKey.of("s", "a");
    private static final Duration DELAY = Duration.ofSeconds(10);

    private final Rig rig = new Rig("a");
    private final FakePlan.Builder plan = FakePlan.of("demo");

    private JobRecord notYet() {
        JobRecord job = rig.take("a");
        rig.report("a", job, Outcome.SUCCEEDED, FakeStep.NOT_YET);
        return job;
    }

    @Test
    void runsAgainAfterADelayAsAnAttemptOfItsOwn() {
        plan.step("s", "a").until(3, DELAY);
        rig.start(plan.build());
        JobRecord first = notYet();
        assertThat(rig.node(A).iteration()).isEqualTo(1);
        assertThat(rig.node(A).wakeAt()).contains(rig.now().plus(DELAY));
        assertThat(rig.node(A).reason()).contains("does not hold yet");
        assertThat(rig.result("demo", A)).isEmpty();
        rig.pass(DELAY.minusSeconds(1));
        assertThat(rig.state(A)).isEqualTo(NodeState.WAITING);
        rig.pass(Duration.ofSeconds(1));
        JobRecord second = rig.take("a");
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(second.id()).isNotEqualTo(first.id());
        rig.report("a", second, Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.result("demo", A).orElseThrow().outputs()).isEqualTo(Rig.OUTPUTS);
    }

    @Test
    void theDelayOutlivesTheEngine() {
        plan.step("s", "a").until(3, DELAY);
        rig.start(plan.build());
        notYet();
        rig.restart();
        assertThat(rig.poll("a").jobs()).isEmpty();
        rig.pass(DELAY);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.node(A).iteration()).isEqualTo(1);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void failsWhenItHasRunTooOftenAndARetryHasAsManyAgain() {
        plan.step("s", "a").until(2, DELAY);
        rig.start(plan.build());
        for (int round = 0; round < 2; round++) {
            notYet();
            rig.pass(DELAY);
            notYet();
            assertThat(rig.state(A)).isEqualTo(NodeState.FAILED);
            assertThat(rig.node(A).code()).contains("step.until-exhausted");
            rig.retry();
        }
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void failedAttemptsAreRetriedAndDoNotCountAsRuns() {
        plan.step("s", "a").until(3, DELAY).retry(1, Duration.ofSeconds(1));
        rig.start(plan.build());
        notYet();
        rig.pass(DELAY);
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(A)).isEqualTo(NodeState.WAITING);
        rig.pass(Duration.ofSeconds(1));
        notYet();
        assertThat(rig.node(A).iteration()).isEqualTo(2);
        rig.pass(DELAY);
        rig.work("a", Outcome.FAILED);
        assertThat(rig.node(A).code()).contains("step.failed");
        assertThat(rig.state(A)).isEqualTo(NodeState.FAILED);
    }

    @Test
    void aCheckThatHoldsIsLookedAtInTheSameWay() {
        plan.step("s", "a").repeat(Repeat.VERIFY_FIRST).until(3, DELAY);
        rig.start(plan.build());
        rig.report("a", rig.take("a"), Outcome.HOLDS, FakeStep.NOT_YET);
        assertThat(rig.state(A)).isEqualTo(NodeState.WAITING);
        rig.pass(DELAY);
        rig.report("a", rig.take("a"), Outcome.HOLDS);
        assertThat(rig.state(A)).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void aCancelledRunIteratesNoMore() {
        plan.step("s", "a").until(3, DELAY);
        rig.start(plan.build());
        JobRecord job = rig.take("a");
        rig.cancel();
        rig.report("a", job, Outcome.SUCCEEDED, FakeStep.NOT_YET);
        assertThat(rig.state(A)).isEqualTo(NodeState.CANCELLED);
        assertThat(rig.result("demo", A)).isEmpty();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
    }
}
