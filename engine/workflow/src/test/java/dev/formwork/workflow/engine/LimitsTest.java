package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/// A workflow that may take only so long.
class LimitsTest {
    private static final Duration MOST = Duration.ofSeconds(40);
    private static final NodeKey S = NodeKey.of("app/s", "a");
    private static final NodeKey T = NodeKey.of("app/t", "a");
    private static final NodeKey OUTSIDE = NodeKey.of("u", "b");
    private static final NodeKey CLOCK = NodeKey.within("app");

    private final Rig rig = new Rig("a", "b");
    private final FakePlan.Builder plan = FakePlan.of("demo");
    private final FakeStep first = plan.step("app/s", "a");
    private final FakeStep second = plan.step("app/t", "a").reads(S);

    private void start() {
        plan.limit("app", MOST, S, T);
        rig.start(plan.build());
    }

    @Test
    void endsWithItsStepsWhereItIsInTime() {
        start();
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.state(CLOCK)).isEqualTo(NodeState.BLOCKED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.state(CLOCK)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void whatRunsIsEndedAndAllElseGoesOn() {
        plan.step("u", "b");
        start();
        JobRecord job = rig.take("a");
        rig.pass(MOST);
        assertThat(rig.poll("a", job).cancel())
                .singleElement()
                .satisfies(order -> assertThat(order.grace()).isPositive());
        assertThat(rig.state(S)).isEqualTo(NodeState.RUNNING);
        assertThat(rig.node(S).reason()).isEqualTo("app took longer than 40 s");
        rig.restart();
        rig.report("a", job, Outcome.CANCELLED);
        assertThat(rig.state(S)).isEqualTo(NodeState.FAILED);
        assertThat(rig.node(S).code()).contains("workflow.timeout");
        assertThat(rig.state(T)).isEqualTo(NodeState.BLOCKED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        assertThat(rig.store.run(rig.run).orElseThrow().reason())
                .isEqualTo("app/s@a: app took longer than 40 s");
    }

    @Test
    void whatWaitsFailsAtOnceAndTheClockOutlivesTheEngine() {
        start();
        rig.pass(MOST.minusSeconds(1));
        rig.restart();
        assertThat(rig.state(S)).isEqualTo(NodeState.READY);
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.node(S).code()).contains("workflow.timeout");
        assertThat(rig.poll("a").jobs()).isEmpty();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void whatWaitsForOthersFailsToo() {
        plan.step("u", "b");
        plan.after(T, OUTSIDE);
        start();
        rig.work("a", Outcome.SUCCEEDED);
        rig.pass(MOST);
        assertThat(rig.state(S)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.node(T).code()).contains("workflow.timeout");
    }

    @Test
    void whatSucceedsAfterAllCountsAndNothingBeginsAfterIt() {
        start();
        JobRecord job = rig.take("a");
        rig.pass(MOST);
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.state(S)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.node(T).code()).contains("workflow.timeout");
    }

    @Test
    void anAttemptThatIsEndedIsNotTriedAgainByItself() {
        first.retry(3, Duration.ofSeconds(1));
        start();
        JobRecord job = rig.take("a");
        rig.pass(MOST);
        rig.report("a", job, Outcome.TIMED_OUT);
        assertThat(rig.node(S).code()).contains("workflow.timeout");
    }

    @Test
    void anAgentThatDoesNotAnswerKeepsNothingUp() {
        start();
        rig.take("a");
        rig.pass(MOST.plus(Duration.ofMinutes(5)));
        assertThat(rig.node(S).code()).contains("workflow.timeout");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
    }

    @Test
    void aRetryHasTheWholeTimeAnew() {
        start();
        rig.pass(MOST);
        rig.retry();
        rig.pass(MOST.minusSeconds(1));
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void mayBeTolerated() {
        first.borne();
        second.borne();
        start();
        rig.pass(MOST);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.store.run(rig.run).orElseThrow().reason()).startsWith("tolerated: ");
    }

    @Test
    void isUndoneWhereItSaysSo() {
        second.undoesAll();
        NodeKey undo = new FakeControl(plan).rollback(first, S, T);
        start();
        rig.work("a", Outcome.SUCCEEDED);
        rig.pass(MOST);
        assertThat(rig.take("a").key()).isEqualTo(undo);
    }

    @Test
    void itsHandlerRunsAfterIt() {
        new FakeControl(plan).handler(plan.step("app/h", NodeKey.ENGINE), S, T);
        start();
        rig.pass(MOST);
        assertThat(rig.take(NodeKey.ENGINE).key().path()).isEqualTo("app/h");
    }

    @Test
    void aRunThatIsCancelledMeanwhileStaysCancelled() {
        start();
        JobRecord job = rig.take("a");
        rig.cancel();
        rig.pass(MOST);
        rig.report("a", job, Outcome.CANCELLED);
        assertThat(rig.node(S).code()).isEqualTo(Optional.empty());
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
    }
}
