package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.module.Repeat;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.Optional;

/// Machines that go down since a task asks for it, by themselves, or only as far as the engine can
/// see.
class MachineGoesDownTest {
    private static final NodeKey S = NodeKey.of("s", "a");
    private static final NodeKey T = NodeKey.of("t", "a");

    private final Rig rig = new Rig("a");
    private final FakePlan.Builder plan = FakePlan.of("demo");
    private final FakeStep step = plan.step("s", "a").mayReboot();

    private void start(Repeat repeat) {
        step.repeat(repeat);
        plan.step("t", "a").reads(S);
        rig.start(plan.build());
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"REBOOT", "INCOMPLETE"})
    void whatAskedToBeRunAgainAfterARebootIsTheSameAttemptInItsNextPhase(Outcome asked) {
        start(Repeat.AT_MOST_ONCE);
        JobRecord job = rig.take("a");
        rig.report("a", job, asked);
        assertThat(rig.state(S)).isEqualTo(NodeState.RUNNING);
        assertThat(rig.poll("a").jobs()).as("it has not gone down yet").isEmpty();
        rig.restart();
        rig.reboot("a");
        JobRecord next = rig.take("a");
        assertThat(next.id()).isEqualTo(job.id());
        assertThat(next.token()).isEqualTo(job.token());
        assertThat(next.attempt()).isEqualTo(1);
        assertThat(next.phase()).isEqualTo(2);
        rig.report("a", next, Outcome.SUCCEEDED);
        assertThat(rig.state(S)).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void theRunWaitsForAMachineThatATaskHasPoweredOff() {
        start(Repeat.AT_MOST_ONCE);
        rig.report("a", rig.take("a"), Outcome.POWER_OFF, Rig.OUTPUTS);
        assertThat(rig.state(S)).isEqualTo(NodeState.SUCCEEDED);
        rig.pass(Duration.ofHours(2));
        assertThat(rig.state(T)).isEqualTo(NodeState.WAITING);
        assertThat(rig.node(T).reason()).startsWith("the agent of a has not called since ");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.RUNNING);
        rig.reboot("a");
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(Repeat.class)
    void aMachineThatRebootsByItselfAndForgetsIsUnderTheRuleOfItsStep(Repeat repeat) {
        start(repeat);
        JobRecord job = rig.take("a");
        rig.reboot("a");
        rig.poll("a");
        Reply.Polled polled = rig.poll("a");
        switch (repeat) {
            case AT_MOST_ONCE -> {
                assertThat(polled.jobs()).isEmpty();
                assertThat(rig.node(S).question()).contains(NodeRecord.Question.DID_IT_HAPPEN);
            }
            case IDEMPOTENT, VERIFY_FIRST -> {
                JobRecord next = polled.jobs().getFirst().job();
                assertThat(next.token()).isGreaterThan(job.token());
                assertThat(next.mode())
                        .isEqualTo(
                                repeat == Repeat.VERIFY_FIRST
                                        ? JobRecord.Mode.CHECK_THEN_RUN
                                        : JobRecord.Mode.RUN);
            }
        }
    }

    @Test
    void aMachineThatRebootsByItselfWhileItsTaskWaitsForARebootGoesOnInTheSamePhase() {
        start(Repeat.AT_MOST_ONCE);
        JobRecord job = rig.take("a");
        rig.report("a", job, Outcome.REBOOT);
        rig.reboot("a");
        rig.poll("a");
        rig.reboot("a");
        // Offered in the boot before, and never named: it may have begun there.
        rig.poll("a");
        assertThat(rig.node(S).question()).contains(NodeRecord.Question.DID_IT_HAPPEN);
    }

    @Test
    void anAgentThatComesBackWithAnOldTokenEndsThatBeforeItGetsMore() {
        start(Repeat.IDEMPOTENT);
        JobRecord old = rig.take("a");
        rig.pass(Duration.ofHours(1));
        assertThat(rig.node(S).code()).contains("step.timeout");
        rig.retry();
        Reply.Polled polled = rig.poll("a", old);
        assertThat(polled.jobs()).isEmpty();
        assertThat(polled.cancel()).extracting(Reply.CancelOrder::job).containsExactly(old.id());
        assertThat(Rig.code(rig.report("a", old, Outcome.SUCCEEDED))).isEqualTo("job.fenced");
        assertThat(rig.state(S)).isNotEqualTo(NodeState.SUCCEEDED);
        JobRecord next = rig.take("a");
        assertThat(next.token()).isGreaterThan(old.token());
        rig.report("a", next, Outcome.SUCCEEDED);
        assertThat(rig.state(S)).isEqualTo(NodeState.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(Repeat.class)
    void whatRunsWhileTheMachineIsCutOffIsNotTriedAgain(Repeat repeat) {
        step.timeout(Duration.ofHours(1));
        start(repeat);
        JobRecord job = rig.take("a");
        rig.pass(Duration.ofMinutes(30));
        assertThat(rig.machine("a").state().name()).isEqualTo("UNREACHABLE");
        assertThat(rig.state(S)).isEqualTo(NodeState.RUNNING);
        rig.restart();
        rig.poll("a", job);
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.state(S)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.node(S).attempt()).isEqualTo(1);
        assertThat(rig.node(S).question()).isEqualTo(Optional.empty());
    }
}
