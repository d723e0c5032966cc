package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.JobRecord.Mode;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What becomes of a step whose attempt did not simply succeed.
class RepeatRulesTest {
    private static final NodeKey KEY = NodeKey.of("s", "a");

    private final Rig rig = new Rig("a");

    private void start(Repeat repeat) {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a").repeat(repeat);
        rig.start(plan.build());
    }

    @ParameterizedTest
    @CsvSource({
        "IDEMPOTENT,   INTERRUPTED,    READY",
        "IDEMPOTENT,   FAILED,         FAILED",
        "IDEMPOTENT,   TIMED_OUT,      FAILED",
        "IDEMPOTENT,   CANCELLED,      READY",
        "AT_MOST_ONCE, INTERRUPTED,    WAITING",
        "AT_MOST_ONCE, FAILED,         FAILED",
        "AT_MOST_ONCE, TIMED_OUT,      FAILED",
        "AT_MOST_ONCE, CANCELLED,      WAITING",
        "VERIFY_FIRST, INTERRUPTED,    READY",
        "VERIFY_FIRST, DOES_NOT_HOLD,  READY",
        "VERIFY_FIRST, CHECK_UNKNOWN,  WAITING",
        "VERIFY_FIRST, HOLDS,          SUCCEEDED",
        "VERIFY_FIRST, SUCCEEDED,      SUCCEEDED",
        "IDEMPOTENT,   HOLDS,          FAILED",
        "IDEMPOTENT,   DOES_NOT_HOLD,  FAILED",
    })
    void aReportLeadsToAState(Repeat repeat, Outcome outcome, NodeState state) {
        start(repeat);
        rig.work("a", outcome);
        assertThat(rig.state(KEY)).isEqualTo(state);
        assertThat(rig.node(KEY).question().isPresent()).isEqualTo(state == NodeState.WAITING);
    }

    @ParameterizedTest
    @CsvSource({"IDEMPOTENT, RUN, RUN", "VERIFY_FIRST, CHECK_THEN_RUN, CHECK_THEN_RUN"})
    void anInterruptedAttemptIsFollowedByOneWithAHigherToken(
            Repeat repeat, Mode first, Mode second) {
        start(repeat);
        JobRecord one = rig.take("a");
        rig.report("a", one, Outcome.INTERRUPTED);
        JobRecord two = rig.take("a");
        assertThat(one.mode()).isEqualTo(first);
        assertThat(two.mode()).isEqualTo(second);
        assertThat(two.token()).isGreaterThan(one.token());
        assertThat(two.attempt()).isEqualTo(2);
    }

    @Test
    void aCheckThatDoesNotHoldIsFollowedByARunWithoutCheck() {
        start(Repeat.VERIFY_FIRST);
        rig.work("a", Outcome.DOES_NOT_HOLD);
        assertThat(rig.take("a").mode()).isEqualTo(Mode.RUN);
    }

    @Test
    void aJobIsLostWhenTwoPollsDoNotNameIt() {
        start(Repeat.IDEMPOTENT);
        JobRecord job = rig.take("a");
        Reply.Polled first = rig.poll("a");
        assertThat(first.hold()).as("asks again at once").isFalse();
        assertThat(rig.state(KEY)).isEqualTo(NodeState.RUNNING);
        Reply.Polled second = rig.poll("a");
        assertThat(second.jobs()).hasSize(1);
        assertThat(second.jobs().getFirst().job().attempt()).isEqualTo(2);
        assertThat(Rig.code(rig.report("a", job, Outcome.SUCCEEDED))).isEqualTo("job.fenced");
    }

    @Test
    void aJobThatIsNamedAgainIsNotLost() {
        start(Repeat.IDEMPOTENT);
        JobRecord job = rig.take("a");
        rig.poll("a");
        rig.poll("a", job);
        rig.poll("a");
        assertThat(rig.state(KEY)).isEqualTo(NodeState.RUNNING);
        assertThat(rig.node(KEY).attempt()).isEqualTo(1);
    }

    @Test
    void aLostAtMostOnceStepAsksAndRunsAgainOnlyWhenSomebodySaysItDidNotHappen() {
        start(Repeat.AT_MOST_ONCE);
        rig.take("a");
        rig.poll("a");
        rig.poll("a");
        assertThat(rig.node(KEY).question()).contains(Question.DID_IT_HAPPEN);
        rig.restart();
        assertThat(rig.poll("a").jobs()).isEmpty();
        rig.resolve(KEY, false);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void aPersonCanSayThatItHappenedAndWithWhichOutputs() {
        start(Repeat.AT_MOST_ONCE);
        rig.work("a", Outcome.INTERRUPTED);
        assertThat(
                        Rig.code(
                                rig.step(
                                        new Input.Resolve(
                                                rig.run, KEY, true, Value.Struct.EMPTY, "ann"))))
                .isEqualTo("output.invalid");
        assertThat(rig.resolve(KEY, true)).isEqualTo(new Reply.Done());
        assertThat(rig.result("demo", KEY).orElseThrow().outputs()).isEqualTo(Rig.OUTPUTS);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(Rig.code(rig.resolve(KEY, true))).isEqualTo("run.not-open");
    }

    @Test
    void aFailedAtMostOnceStepAsksWhenItIsRetried() {
        start(Repeat.AT_MOST_ONCE);
        rig.work("a", Outcome.FAILED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        rig.retry();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.RUNNING);
        assertThat(rig.node(KEY).question()).contains(Question.DID_IT_HAPPEN);
    }

    @Test
    void whatWasOfferedInAnEarlierBootMayHaveBeenStartedThere() {
        start(Repeat.AT_MOST_ONCE);
        rig.poll("a");
        rig.reboot("a");
        assertThat(rig.poll("a").jobs()).isEmpty();
        assertThat(rig.node(KEY).question()).contains(Question.DID_IT_HAPPEN);
    }

    @Test
    void anIdempotentStepIsNotInterruptedForEver() {
        start(Repeat.IDEMPOTENT);
        for (int i = 0; i <= EngineSettings.STANDARD.interruptions(); i++) {
            rig.work("a", Outcome.INTERRUPTED);
        }
        assertThat(rig.node(KEY).code()).contains("step.interrupted");
    }

    @Test
    void aFailedStepIsRetriedAfterItsDelayAsOftenAsItSays() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a").retry(2, Duration.ofSeconds(5));
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(KEY)).isEqualTo(NodeState.WAITING);
        assertThat(rig.node(KEY).wakeAt()).contains(rig.now().plusSeconds(5));
        assertThat(rig.poll("a").jobs()).isEmpty();
        rig.restart();
        rig.pass(Duration.ofSeconds(5));
        rig.work("a", Outcome.TIMED_OUT);
        rig.pass(Duration.ofSeconds(5));
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(KEY)).isEqualTo(NodeState.FAILED);
        assertThat(rig.node(KEY).attempt()).isEqualTo(3);
    }

    @Test
    void anAtMostOnceStepIsNeverRetriedByItself() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a").repeat(Repeat.AT_MOST_ONCE).retry(2, Duration.ofSeconds(5));
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.state(KEY)).isEqualTo(NodeState.FAILED);
    }

    @Test
    void whatEndedWhileNoEngineRanIsReportedToTheNext() {
        start(Repeat.AT_MOST_ONCE);
        JobRecord job = rig.take("a");
        rig.restartAfter(Duration.ofHours(1));
        rig.pass(Duration.ofSeconds(60));

        assertThat(rig.report("a", job, Outcome.SUCCEEDED)).isEqualTo(new Reply.Done());

        assertThat(rig.state(KEY)).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void theEngineGivesUpOnAJobThatIsNeverReportedAfterItWasStartedAnew() {
        start(Repeat.IDEMPOTENT);
        JobRecord job = rig.take("a");
        rig.restartAfter(Duration.ofHours(1));
        rig.pass(Duration.ofSeconds(90));

        assertThat(rig.node(KEY).code()).contains("step.timeout");
        assertThat(Rig.code(rig.report("a", job, Outcome.SUCCEEDED))).isEqualTo("job.fenced");
    }

    @Test
    void theEngineGivesUpOnAJobThatIsNeverReported() {
        start(Repeat.IDEMPOTENT);
        JobRecord job = rig.take("a");
        rig.pass(Duration.ofSeconds(60 + 10 + 30));
        assertThat(rig.node(KEY).code()).contains("step.timeout");
        assertThat(rig.node(KEY).token()).isGreaterThan(job.token());
        assertThat(Rig.code(rig.report("a", job, Outcome.SUCCEEDED))).isEqualTo("job.fenced");
    }

    @Test
    void whatWasGivenUpIsEndedBeforeTheMachineGetsAnotherJob() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a");
        plan.step("t", "a");
        rig.start(plan.build());
        JobRecord job = rig.take("a");
        rig.pass(Duration.ofSeconds(100));
        Reply.Polled polled = rig.poll("a", job);
        assertThat(polled.jobs()).isEmpty();
        assertThat(polled.cancel())
                .containsExactly(
                        new Reply.CancelOrder(job.id(), job.token(), Duration.ofSeconds(10)));
        assertThat(rig.poll("a", job).hold()).as("it was told").isTrue();
        rig.pass(Duration.ofSeconds(10));
        assertThat(rig.poll("a", job).hold()).as("perhaps it did not hear").isFalse();
        assertThat(rig.poll("a").jobs()).hasSize(1);
    }

    @Test
    void aPersonIsToldWhyItWasInterrupted() {
        start(Repeat.AT_MOST_ONCE);
        JobRecord job = rig.take("a");
        rig.step(
                new Input.Reported(
                        Rig.credential("a"),
                        job.id(),
                        job.token(),
                        job.phase(),
                        Outcome.INTERRUPTED,
                        Value.Struct.EMPTY,
                        Optional.empty(),
                        Optional.of("http.no-answer"),
                        Optional.of("the call was sent and not answered"),
                        rig.boot("a")));
        assertThat(rig.node(KEY).reason())
                .isEqualTo(
                        "it was interrupted (the call was sent and not answered) and must not"
                                + " happen twice: did it happen?");
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   verify-first, AT_MOST_ONCE",
        "PATCH,  verify-first, AT_MOST_ONCE",
        "DELETE, verify-first, IDEMPOTENT",
        "POST,   idempotent,   IDEMPOTENT",
        "POST,   at-most-once, AT_MOST_ONCE",
    })
    void anUndoIsNotRepeatedWhereTheCallMayDoItTwice(String method, String repeat, Repeat rule) {
        Task task =
                (Task)
                        ModuleLoader.load(
                                        new FileTree(
                                                Map.of(
                                                        ModuleLoader.FILE,
                                                        """
                                                        kind: Task
                                                        name: t
                                                        version: 1.0.0
                                                        runner: http
                                                        run: {method: PUT, url: "http://a/"}
                                                        check: {url: "http://a/"}
                                                        undo: {method: %s, url: "http://a/"}
                                                        repeat: %s
                                                        """
                                                                .formatted(method, repeat)
                                                                .getBytes(StandardCharsets.UTF_8))))
                                .module();
        assertThat(StepNodes.repeat(task, Action.UNDO)).isEqualTo(rule);
        assertThat(StepNodes.repeat(task, Action.STEP)).isEqualTo(task.repeat());
    }
}
