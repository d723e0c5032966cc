package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.run.RunRecord.State;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Pause, resume, cancel, skip, and runs that take too long.
class RunPaceTest {
    private static final NodeKey FIRST = NodeKey.of("first", "a");
    private static final NodeKey SECOND = NodeKey.of("second", "a");
    private static final NodeKey OTHER = NodeKey.of("other", "b");

    private final Rig rig = new Rig("a", "b");

    private void begin(RunRecord.Terms terms) {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("first", "a");
        plan.step("second", "a").reads(FIRST);
        plan.step("other", "b").retry(2, Duration.ofSeconds(10));
        rig.start(plan.build(), terms);
    }

    private void begin() {
        begin(RunRecord.Terms.STANDARD);
    }

    private RunRecord record() {
        return rig.store.run(rig.run).orElseThrow();
    }

    private List<String> events(String type) {
        return rig.store.events(0, 1000).stream()
                .filter(event -> event.type().equals(type))
                .map(Event::data)
                .map(Value.Struct::toString)
                .toList();
    }

    @Test
    void aPausedRunStartsNothingAndWhatRunsGoesOn() {
        begin();
        JobRecord job = rig.take("a");
        rig.pause(rig.run);
        assertThat(record().state()).isEqualTo(State.PAUSED);
        assertThat(record().reason()).isEqualTo("paused by ann: lunch");
        assertThat(rig.poll("b").jobs()).isEmpty();
        assertThat(rig.node(OTHER).reason()).isEqualTo("the run is paused");
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.state(FIRST)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.poll("a").jobs()).isEmpty();
        rig.restart();
        assertThat(record().state()).isEqualTo(State.PAUSED);
        assertThat(rig.poll("a").jobs()).isEmpty();
        assertThat(rig.poll("b").jobs()).isEmpty();
        rig.resume(rig.run);
        assertThat(record().state()).isEqualTo(State.RUNNING);
        assertThat(record().reason()).isEmpty();
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(record().state()).isEqualTo(State.SUCCEEDED);
        assertThat(events("run.pause")).singleElement().asString().contains("lunch");
        assertThat(events("run.resume")).hasSize(1);
    }

    @Test
    void aDelayThatEndsWhileTheRunIsPausedStartsNothing() {
        begin();
        rig.work("b", Outcome.FAILED);
        rig.pause(rig.run);
        rig.pass(Duration.ofSeconds(20));
        assertThat(rig.poll("b").jobs()).isEmpty();
        assertThat(rig.node(OTHER).reason()).isEqualTo("the run is paused");
        rig.resume(rig.run);
        assertThat(rig.poll("b").jobs()).hasSize(1);
    }

    @Test
    void aProviderIsNotAskedAgainWhileTheRunIsPaused() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.member("new", Member.Role.JOINING, Optional.empty());
        NodeKey create = plan.node(Action.CREATE, "machine:create", "new");
        rig.start(plan.build());
        rig.step(new Input.InstanceFailed(rig.machine("new").id(), "provider.quota", "full", true));
        rig.pause(rig.run);
        rig.pass(Duration.ofMinutes(1));
        assertThat(rig.effects).noneMatch(Effect.CreateInstance.class::isInstance);
        rig.restart();
        assertThat(rig.effects).noneMatch(Effect.CreateInstance.class::isInstance);
        rig.resume(rig.run);
        assertThat(rig.effects).anyMatch(Effect.CreateInstance.class::isInstance);
        assertThat(rig.state(create)).isEqualTo(NodeState.RUNNING);
    }

    @Test
    void aPausedRunEndsWhereNothingIsLeft() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("first", "a");
        rig.start(plan.build());
        JobRecord job = rig.take("a");
        rig.pause(rig.run);
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(record().state()).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void aPausedRunCanBeCancelled() {
        begin();
        JobRecord job = rig.take("a");
        rig.pause(rig.run);
        rig.cancel();
        assertThat(record().state()).isEqualTo(State.CANCELLING);
        assertThat(Rig.code(rig.resume(rig.run))).isEqualTo("run.cancelling");
        rig.report("a", job, Outcome.CANCELLED);
        assertThat(record().state()).isEqualTo(State.CANCELLED);
        assertThat(rig.state(OTHER)).isEqualTo(NodeState.CANCELLED);
    }

    @Test
    void aRunThatWaitsForMachinesKeepsWaitingAfterAPause() {
        begin();
        RunId first = rig.run;
        FakePlan.Builder plan = FakePlan.of("late");
        plan.step("late", "a");
        rig.start(plan.build());
        RunId second = rig.run;
        rig.pause(second);
        FakePlan.Builder other = FakePlan.of("later");
        other.step("later", "a");
        rig.start(other.build());
        RunId third = rig.run;
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.store.run(first).orElseThrow().state()).isEqualTo(State.SUCCEEDED);
        assertThat(rig.store.run(second).orElseThrow().state()).isEqualTo(State.PAUSED);
        assertThat(rig.store.run(third).orElseThrow().state()).isEqualTo(State.RUNNING);
        rig.restart();
        rig.resume(second);
        assertThat(rig.store.run(second).orElseThrow().state()).isEqualTo(State.WAITING);
        rig.pause(second);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.store.run(second).orElseThrow().state()).isEqualTo(State.PAUSED);
        rig.resume(second);
        assertThat(rig.store.run(second).orElseThrow().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void explainsWhoPausedTheRun() {
        begin();
        rig.pause(rig.run);
        assertThat(rig.core().explain(rig.run, SECOND))
                .containsExactly(
                        new Cause(0, "second@a", Optional.of("blocked"), "waits for first@a"),
                        new Cause(1, "first@a", Optional.of("waiting"), "the run is paused"),
                        new Cause(
                                2,
                                "run " + rig.run + " (cluster demo)",
                                Optional.of("paused"),
                                "paused by ann: lunch"));
    }

    @Test
    void cancelGivesAGraceAndCancelNowNone() {
        begin();
        JobRecord job = rig.take("a");
        rig.cancel();
        assertThat(rig.poll("a", job).cancel())
                .extracting(Reply.CancelOrder::grace)
                .containsExactly(EngineSettings.STANDARD.grace());
        rig.cancelNow();
        assertThat(rig.effects).contains(new Effect.WakeAgent(Rig.id("a")));
        rig.restart();
        assertThat(rig.poll("a", job).cancel())
                .extracting(Reply.CancelOrder::grace)
                .containsExactly(Duration.ZERO);
        rig.cancel();
        assertThat(rig.poll("a", job).cancel())
                .extracting(Reply.CancelOrder::grace)
                .containsExactly(Duration.ZERO);
        rig.report("a", job, Outcome.CANCELLED);
        assertThat(record().state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void aRunThatTakesTooLongIsCancelled() {
        begin(new RunRecord.Terms(0, Optional.of(Duration.ofSeconds(30))));
        JobRecord job = rig.take("a");
        rig.pass(Duration.ofSeconds(20));
        rig.restart();
        rig.pass(Duration.ofSeconds(9));
        assertThat(record().state()).isEqualTo(State.RUNNING);
        rig.pass(Duration.ofSeconds(1));
        assertThat(record().state()).isEqualTo(State.CANCELLING);
        rig.report("a", job, Outcome.CANCELLED);
        assertThat(record().state()).isEqualTo(State.CANCELLED);
        assertThat(record().code()).contains("run.timeout");
        assertThat(record().reason()).isEqualTo("it took longer than 30 s");
        rig.pass(Duration.ofSeconds(60));
        rig.retry();
        assertThat(record().state()).isEqualTo(State.RUNNING);
        assertThat(record().code()).isEmpty();
        rig.pass(Duration.ofSeconds(29));
        assertThat(record().state()).isEqualTo(State.RUNNING);
        rig.pass(Duration.ofSeconds(1));
        assertThat(record().code()).contains("run.timeout");
    }

    @Test
    void aRunThatWaitsOrIsPausedMayTakeTooLongToo() {
        begin();
        FakePlan.Builder plan = FakePlan.of("late");
        plan.step("late", "a");
        rig.start(plan.build(), new RunRecord.Terms(0, Optional.of(Duration.ofSeconds(30))));
        rig.pass(Duration.ofSeconds(31));
        assertThat(record().state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void aStepThatFailedCanBeSkippedAndWhatFollowsReadsNull() {
        begin();
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(record().state()).isEqualTo(State.FAILED);
        rig.skip(FIRST);
        assertThat(record().state()).isEqualTo(State.RUNNING);
        assertThat(rig.node(FIRST).reason()).isEqualTo("skipped by ann: not needed");
        JobRecord job = rig.take("a");
        assertThat(job.key()).isEqualTo(SECOND);
        assertThat(job.inputs().fields()).containsEntry("from0", Value.nil());
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(record().state()).isEqualTo(State.SUCCEEDED);
        assertThat(events("node.skipped")).singleElement().asString().contains("not needed");
    }

    @Test
    void aStepThatWaitsCanBeSkipped() {
        begin();
        rig.pass(Duration.ofSeconds(100));
        assertThat(rig.state(OTHER)).isEqualTo(NodeState.WAITING);
        rig.skip(OTHER);
        assertThat(rig.state(OTHER)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.poll("b").jobs()).isEmpty();
    }

    @Test
    void whatRunsOrIsDoneOrBlockedIsNotSkipped() {
        begin();
        JobRecord job = rig.take("a");
        assertThat(Rig.code(rig.skip(FIRST))).isEqualTo("node.not-skippable");
        assertThat(Rig.code(rig.skip(SECOND))).isEqualTo("node.not-skippable");
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(Rig.code(rig.skip(FIRST))).isEqualTo("node.not-skippable");
        assertThat(rig.last.changes()).noneMatch(Change.PutNode.class::isInstance);
        assertThat(Rig.code(rig.skip(NodeKey.of("no", "a")))).isEqualTo("node.unknown");
    }
}
