package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.tape.TapeEntry;
import dev.formwork.workflow.tape.Told;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A run that has ended comes to the same states again, however it went.
class ReplayTest {
    private final Rig rig = new Rig("a", "b");

    @Test
    void failuresRetriesSkipsAndWhatPeopleSaid() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey flaky = plan.step("flaky", "a").retry(2, Duration.ofSeconds(5)).key();
        plan.step("never", "b").when(_ -> false);
        NodeKey once = plan.step("once", "b").repeat(Repeat.AT_MOST_ONCE).key();
        NodeKey last = plan.step("last", "a").reads(flaky, once).key();
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        rig.pass(Duration.ofSeconds(6));
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.INTERRUPTED);
        assertThat(rig.resolve(once, true)).isEqualTo(new Reply.Done());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        assertSame();

        rig.pass(Duration.ofHours(1));
        rig.retry(last);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertSame();
    }

    @Test
    void lostJobsRebootsAndAnEngineThatWasStartedAnew() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("first", "a").mayReboot().key();
        plan.step("second", "a").reads(first);
        plan.step("other", "b");
        rig.start(plan.build());
        JobRecord lost = rig.take("a");
        rig.poll("a");
        rig.restart();
        rig.poll("a");
        rig.poll("a");
        assertThat(rig.node(first).attempt()).isEqualTo(2);
        assertThat(Rig.code(rig.report("a", lost, Outcome.SUCCEEDED))).isEqualTo("job.fenced");
        JobRecord reboots = rig.take("a");
        rig.report("a", reboots, Outcome.REBOOT);
        rig.reboot("a");
        rig.restart();
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertSame();
    }

    @Test
    void aMachineThatIsMadeBootedUsedAndRemoved() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.member("demo-g-0", Member.Role.INITIAL, Optional.empty());
        NodeKey create = plan.node(Action.CREATE, "machine:create", "demo-g-0");
        NodeKey boot = plan.node(Action.BOOT, "machine:boot", "demo-g-0");
        NodeKey step = plan.step("s", "demo-g-0").undo().key();
        plan.after(boot, create).after(step, boot);
        rig.start(plan.build());
        MachineId id = rig.machine("demo-g-0").id();
        rig.step(new Input.InstanceFailed(id, "cloud.busy", "busy", true));
        rig.pass(Duration.ofMinutes(2));
        rig.step(new Input.InstanceCreated(id, "i-1", Optional.empty(), Hardware.NONE, List.of()));
        rig.step(
                new Input.Register(
                        Secrets.hash("token-of-" + id),
                        Secrets.hash("c"),
                        "boot-1",
                        Value.of(Map.of("address", Value.of("10.0.0.7")))));
        Credential agent = new Credential(id, Secrets.hash("c"));
        work(agent);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        RunId made = rig.run;
        assertSame();

        FakePlan.Builder destroy = FakePlan.of("demo").kind(Plan.Kind.DESTROY);
        destroy.member("demo-g-0", Member.Role.LEAVING, Optional.of(id));
        NodeKey undo = destroy.undo(destroy.step("s", "demo-g-0").undo());
        NodeKey remove = destroy.node(Action.REMOVE, "machine:remove", "demo-g-0");
        destroy.after(remove, undo);
        rig.start(destroy.build());
        work(agent);
        rig.step(new Input.InstanceRemoved(id));
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertSame();
        assertThat(rig.replay(made).differences()).isEmpty();
    }

    @Test
    void aRunThatWasCancelledAndAMachineThatWentUnderIt() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("first", "a").key();
        plan.step("second", "b").reads(first);
        rig.start(plan.build());
        JobRecord job = rig.take("a");
        rig.cancel();
        rig.report("a", job, Outcome.CANCELLED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
        assertSame();

        rig.retry();
        rig.take("a");
        rig.step(new Input.InstanceGone(Rig.id("a")));
        assertThat(rig.node(first).code()).contains("machine.gone");
        assertSame();
    }

    @Test
    void waitingForOthersIsPutDownToo() {
        FakePlan.Builder one = FakePlan.of("one");
        one.step("s", "a");
        FakePlan.Builder two = FakePlan.of("two");
        two.step("s", "a");
        two.step("t", "b");
        rig.start(one.build());
        RunId first = rig.run;
        rig.start(two.build());
        RunId second = rig.run;
        assertThat(rig.runState()).isEqualTo(RunRecord.State.WAITING);
        rig.pause(second);
        rig.resume(second);
        rig.restart();
        rig.work("a", Outcome.FAILED);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(told(second)).anyMatch(entry -> entry.told() instanceof Told.Granted);
        assertThat(rig.replay(first).differences()).isEmpty();
        assertSame();
    }

    @Test
    void whatARunFoundIsKnownThoughLaterRunsAndPeopleHaveChangedIt() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey step = plan.step("s", "a").key();
        plan.step("t", "b");
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        RunId first = rig.run;

        FakePlan.Builder same = FakePlan.of("demo");
        same.step("s", "a").decision(Decision.MAY_RUN);
        same.step("t", "b");
        rig.start(same.build());
        assertThat(rig.state(step)).isEqualTo(NodeState.UNCHANGED);
        rig.work("b", Outcome.SUCCEEDED);
        RunId second = rig.run;

        StepResult result = rig.result("demo", step).orElseThrow();
        rig.taint(result);
        rig.start(same.forget(NodeKey.of("t", "b")).build());
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);

        assertSame();
        assertThat(rig.replay(second).differences()).isEmpty();
        assertThat(rig.replay(first).differences()).isEmpty();
    }

    @Test
    void aRetrySeesWhatWasTaintedAfterItsRunHadEnded() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("s", "a").decision(Decision.MAY_RUN).key();
        NodeKey second = plan.step("t", "b").reads(first).key();
        rig.given(
                FakePlan.of("x")
                        .step("s", "a")
                        .result(
                                "demo",
                                Rig.FINGERPRINTER,
                                "m-a.1",
                                Rig.INPUTS,
                                Rig.OUTPUTS,
                                new RunId("r-0")));
        rig.start(plan.build());
        assertThat(rig.state(first)).isEqualTo(NodeState.UNCHANGED);
        rig.work("b", Outcome.FAILED);
        rig.taint(rig.result("demo", first).orElseThrow());
        rig.retry(second);
        rig.work("b", Outcome.SUCCEEDED);
        assertSame();
    }

    @Test
    void tellsWhereARecordWasChanged() {
        NodeKey step = ran();
        rig.store
                .commit(
                        List.of(
                                new Change.PutNode(
                                        rig.node(step).failed("step.failed", "no", rig.now()))))
                .join();

        assertThat(rig.replay(rig.run).differences())
                .singleElement()
                .satisfies(difference -> {
                    assertThat(difference.of()).isEqualTo("s@a");
                    assertThat(difference.recorded()).startsWith("failed (step.failed), attempt 1");
                    assertThat(difference.replayed()).startsWith("succeeded, attempt 1");
                    assertThat(difference.at()).contains(rig.now());
                    assertThat(difference.after()).contains("reported succeeded: s@a");
                });
    }

    @Test
    void tellsWhereTheTapeWasChanged() {
        ran();
        rewrite(entry ->
                entry.told() instanceof Told.Reported report && report.node().path().equals("s")
                        ? new TapeEntry(
                                entry.at(),
                                new Told.Reported(
                                        report.node(),
                                        "failed",
                                        Value.Struct.EMPTY,
                                        Optional.of(1),
                                        Optional.empty(),
                                        Optional.empty()),
                                false,
                                List.of())
                        : entry);
        assertThat(rig.replay(rig.run).differences())
                .extracting(Replay.Difference::of)
                .containsExactly("s@a", "t@a", rig.run.value());

        rewrite(entry ->
                entry.told() instanceof Told.HandedOut
                        ? new TapeEntry(entry.at(), new Told.Granted(), false, List.of())
                        : entry);
        assertThat(rig.replay(rig.run).isEqual()).isFalse();
    }

    @Test
    void refusesWhatHasNotEndedOrWasNotPutDown() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a");
        rig.start(plan.build());
        assertRefused("replay.run-open");
        rig.work("a", Outcome.SUCCEEDED);
        RunRecord run = rig.store.run(rig.run).orElseThrow();
        rig.store.commit(List.of(new Change.DropRun(rig.run), new Change.PutRun(run))).join();
        assertRefused("replay.not-recorded");
    }

    @Test
    void whatChangesNothingOfARunIsNotPutDown() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a");
        rig.start(plan.build());
        JobRecord job = rig.take("a");
        int before = told(rig.run).size();
        for (int i = 0; i < 5; i++) {
            rig.pass(Duration.ofSeconds(5));
            rig.poll("a", job);
            rig.step(new Input.FactsReported(Rig.credential("a"), facts(i)));
        }
        assertThat(told(rig.run)).hasSize(before);
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(told(rig.run))
                .as("the machine as it is last, and the report")
                .hasSize(before + 2)
                .anyMatch(entry ->
                        entry.told() instanceof Told.Found(var machine)
                                && machine.facts().equals(facts(4)));
    }

    private static Value.Struct facts(int number) {
        return Value.of(Map.of("number", Value.of(number)));
    }

    private NodeKey ran() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("s", "a").key();
        plan.step("t", "a").reads(first);
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        return first;
    }

    private List<TapeEntry> told(RunId run) {
        List<TapeEntry> entries = new ArrayList<>();
        rig.store.tape(run, entries::add);
        return entries;
    }

    private void rewrite(UnaryOperator<TapeEntry> change) {
        List<TapeEntry> entries = told(rig.run);
        RunRecord run = rig.store.run(rig.run).orElseThrow();
        List<NodeRecord> nodes = rig.store.nodes(rig.run);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.DropRun(rig.run));
        changes.add(new Change.PutRun(run));
        nodes.forEach(node -> changes.add(new Change.PutNode(node)));
        entries.replaceAll(change);
        changes.add(new Change.AppendTape(rig.run, entries));
        rig.store.commit(changes).join();
    }

    private void assertRefused(String code) {
        assertThatThrownBy(() -> rig.replay(rig.run))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void work(Credential agent) {
        Reply.Polled polled =
                (Reply.Polled)
                        rig.step(new Input.Poll(agent, "boot-1", Optional.empty(), List.of()));
        JobRecord job = polled.jobs().getFirst().job();
        rig.step(new Input.Started(agent, job.id(), job.token(), job.phase()));
        rig.step(
                new Input.Reported(
                        agent,
                        job.id(),
                        job.token(),
                        job.phase(),
                        Outcome.SUCCEEDED,
                        Rig.OUTPUTS,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "boot-1"));
    }

    private void assertSame() {
        Replay.Outcome replay = rig.replay(rig.run);
        assertThat(replay.differences()).isEmpty();
        assertThat(replay.entries()).isPositive();
    }
}
