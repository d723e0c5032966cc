package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.membership.Member.Role;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Order, decisions, ends of runs, and what people are refused.
class RunsTest {
    private static final NodeKey A = NodeKey.of("s", "a");

    private final Rig rig = new Rig("a", "b");

    @Test
    void aNodeStartsWhenThoseBeforeItHaveEndedWell() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("s", "a").key();
        NodeKey gate = plan.gate("all:s");
        NodeKey second = plan.step("t", "b").reads(first).key();
        plan.after(gate, first).after(second, gate);
        rig.start(plan.build());
        assertThat(rig.state(second)).isEqualTo(NodeState.BLOCKED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.state(gate)).isEqualTo(NodeState.SUCCEEDED);
        JobRecord job = rig.take("b");
        assertThat(job.inputs().fields()).containsEntry("from0", Value.of("out"));
        rig.report("b", job, Outcome.SUCCEEDED);
        assertThat(rig.result("demo", second).orElseThrow().after()).containsExactly(first);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void otherBranchesGoOnAfterAFailureAndWhatIsBlockedNamesTheCause() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("s", "a").key();
        NodeKey second = plan.step("t", "a").reads(first).key();
        NodeKey third = plan.step("u", "a").reads(second).key();
        NodeKey other = plan.step("s", "b").key();
        NodeKey after = plan.step("t", "b").reads(other).key();
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.RUNNING);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.FAILED);
        assertThat(rig.state(after)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.node(third).reason()).isEqualTo("s@a did not succeed");
        assertThat(rig.store.run(rig.run).orElseThrow().reason()).startsWith("s@a: ");
        assertThat(rig.effects)
                .contains(new Effect.RunEnded(rig.run, "demo", RunRecord.State.FAILED));
    }

    @Test
    void aNodeThatOnlyWantsOthersSettledGoesOnAfterTheirFailure() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("s", "a").key();
        NodeKey second = plan.step("t", "b").reads(first).key();
        plan.afterSettled(second, first);
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(rig.take("b").inputs().fields()).containsEntry("from0", Value.nil());
    }

    @Test
    void aRetriedRunGoesOnWhereItFailed() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("s", "a").key();
        NodeKey second = plan.step("t", "a").reads(first).key();
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(Rig.code(rig.retry(second))).isEqualTo("node.not-failed");
        assertThat(rig.retry(first)).isEqualTo(new Reply.Done());
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(Rig.code(rig.retry())).isEqualTo("run.succeeded");
    }

    @Test
    void aConditionThatDoesNotHoldSkips() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a").when(_ -> false);
        rig.start(plan.build());
        assertThat(rig.state(A)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void aConditionThatHoldsAgainstThePlanAsks() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a").decision(Decision.SKIPPED);
        rig.start(plan.build());
        assertThat(rig.node(A).question()).contains(Question.APPROVE_MORE);
        assertThat(rig.approveMore(A)).isEqualTo(new Reply.Done());
        assertThat(Rig.code(rig.approveMore(A))).isEqualTo("node.nothing-asked");
        rig.restart();
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    private FakePlan decided(Decision decision, boolean check, StepResult... recorded) {
        FakePlan.Builder plan = FakePlan.of("demo");
        FakeStep step = plan.step("s", "a").decision(decision);
        if (check) {
            step.check();
        }
        for (StepResult result : recorded) {
            rig.given(result);
        }
        return plan.build();
    }

    private StepResult same() {
        return FakePlan.of("x")
                .step("s", "a")
                .result(
                        "demo",
                        Rig.FINGERPRINTER,
                        "m-a.1",
                        Rig.INPUTS,
                        Rig.OUTPUTS,
                        new RunId("r-0"));
    }

    @Test
    void theSameInputsLeaveAnUnchangedNodeUnchangedWithoutAJob() {
        rig.start(decided(Decision.UNCHANGED, true, same()));
        assertThat(rig.state(A)).isEqualTo(NodeState.UNCHANGED);
    }

    @Test
    void theSameInputsMakeANodeThatMayRunUnchanged() {
        rig.start(decided(Decision.MAY_RUN, false, same()));
        assertThat(rig.state(A)).isEqualTo(NodeState.UNCHANGED);
    }

    @Test
    void theSameInputsAreCheckedWhereThereIsACheck() {
        rig.start(decided(Decision.MAY_RUN, true, same()));
        JobRecord job = rig.take("a");
        assertThat(job.mode()).isEqualTo(JobRecord.Mode.CHECK_THEN_RUN);
        rig.report("a", job, Outcome.HOLDS);
        assertThat(rig.state(A)).isEqualTo(NodeState.UNCHANGED);
    }

    @Test
    void whatWillRunRunsThoughItsInputsAreTheSame() {
        rig.start(decided(Decision.WILL_RUN, false, same().withTaint()));
        assertThat(rig.take("a").mode()).isEqualTo(JobRecord.Mode.RUN);
    }

    @Test
    void anUnchangedNodeThatWouldRunAsks() {
        for (StepResult result :
                List.of(
                        same().withTaint(),
                        FakePlan.of("x")
                                .step("s", "a")
                                .result(
                                        "demo",
                                        Rig.FINGERPRINTER,
                                        "m-a.9",
                                        Rig.INPUTS,
                                        Rig.OUTPUTS,
                                        new RunId("r-0")))) {
            rig.start(decided(Decision.UNCHANGED, false, result));
            assertThat(rig.node(A).question()).contains(Question.APPROVE_MORE);
            rig.cancel();
            assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
        }
    }

    @Test
    void aTaintedResultOfAnOpenRunMakesItsNodeAsk() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("t", "b").key();
        plan.step("s", "a").decision(Decision.UNCHANGED);
        plan.after(A, first);
        rig.given(same());
        rig.start(plan.build());
        rig.step(new Input.Taint(same(), Optional.empty(), "ann"));
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.node(A).question()).contains(Question.APPROVE_MORE);
    }

    @Test
    void aMachineThatIsAnotherOneThanPlannedStopsItsNodesOnly() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a").incarnation("m-a.2");
        NodeKey other = plan.step("s", "b").incarnation("m-b.1").key();
        rig.start(plan.build());
        assertThat(rig.node(A).code()).contains("plan.moved");
        assertThat(rig.node(A).reason()).contains("m-a.1").contains("m-a.2");
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.state(other)).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void inputsThatAreNotThoseOfThePlanStopTheNode() {
        FakePlan.Builder plan = FakePlan.of("demo");
        FakeStep step = plan.step("s", "a");
        step.expected(Rig.FINGERPRINTER.of(step.module(), Value.of(Map.of("seed", Value.of("2")))));
        rig.start(plan.build());
        assertThat(rig.node(A).code()).contains("plan.moved");
        assertThat(rig.node(A).reason()).contains("seed");
    }

    @Test
    void aRunIsRefused() {
        FakePlan.Builder builder = FakePlan.of("demo");
        builder.step("s", "a");
        FakePlan plan = builder.build();
        Approval approval = rig.approval("d");
        assertThat(start("other", plan, approval)).isEqualTo("plan.not-approved");
        assertThat(
                        start(
                                "d",
                                plan,
                                new Approval("d", "ann", rig.now(), rig.now(), Optional.empty())))
                .isEqualTo("plan.approval-expired");
        assertThat(rig.start("d", plan)).isInstanceOf(Reply.RunStarted.class);
        assertThat(start("d", plan, approval)).isEqualTo("plan.used");
        assertThat(start("e", plan, rig.approval("e"))).isEqualTo("run.cluster-busy");
        rig.work("a", Outcome.SUCCEEDED);
        rig.restart();
        assertThat(start("d", plan, approval)).isEqualTo("plan.used");
    }

    private String start(String digest, FakePlan plan, Approval approval) {
        return Rig.code(
                rig.step(
                        new Input.StartRun(
                                digest,
                                plan,
                                approval,
                                List.of(),
                                RunRecord.Terms.STANDARD,
                                "ann")));
    }

    @Test
    void aSuccessfulRunRecordsTheClusterAndForgetsWhatThePlanForgets() {
        StepResult old = same();
        rig.given(old);
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.member("a", Role.INITIAL, Optional.of(Rig.id("a")));
        plan.step("t", "a");
        plan.forget(A);
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.store.cluster("demo").orElseThrow().formed()).containsExactly("g");
        assertThat(rig.store.cluster("demo").orElseThrow().outputs().fields()).containsKey("t@a");
        assertThat(rig.machine("a").placement().orElseThrow().standing()).isTrue();
        assertThat(rig.result("demo", A)).isEmpty();
    }

    @Test
    void destroyingUndoesRemovesAndForgets() {
        rig.given(same());
        FakePlan.Builder plan = FakePlan.of("demo").kind(Plan.Kind.DESTROY);
        plan.member("a", Role.LEAVING, Optional.of(Rig.id("a")));
        NodeKey undo = plan.undo(plan.step("s", "a").undo());
        NodeKey remove = plan.node(Action.REMOVE, "machine:remove", "a");
        plan.after(remove, undo);
        rig.start(plan.build());
        JobRecord job = rig.take("a");
        assertThat(job.mode()).isEqualTo(JobRecord.Mode.UNDO);
        assertThat(job.inputs()).isEqualTo(Rig.INPUTS);
        rig.report("a", job, Outcome.SUCCEEDED, Value.Struct.EMPTY);
        assertThat(rig.result("demo", A)).isEmpty();
        assertThat(rig.effects)
                .contains(new Effect.RemoveInstance(Rig.id("a"), "fake", Optional.of("i-a")));
        rig.step(new Input.InstanceRemoved(Rig.id("a")));
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.store.cluster("demo")).isEmpty();
        assertThat(rig.store.machines()).noneMatch(machine -> machine.name().equals("a"));
    }

    @Test
    void whatCannotBeUndoneSinceTheMachineIsGoneIsSkipped() {
        rig.given(same());
        rig.step(new Input.InstanceGone(Rig.id("a")));
        FakePlan.Builder plan = FakePlan.of("demo").kind(Plan.Kind.DESTROY);
        plan.member("a", Role.LEAVING, Optional.of(Rig.id("a")));
        NodeKey undo = plan.undo(plan.step("s", "a").undo());
        NodeKey remove = plan.node(Action.REMOVE, "machine:remove", "a");
        plan.after(remove, undo);
        rig.start(plan.build());
        assertThat(rig.state(undo)).isEqualTo(NodeState.SKIPPED);
        assertThat(rig.state(remove)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.result("demo", A)).isEmpty();
    }

    @Test
    void theResultsOfOneModuleOnChosenMachinesAreNotKept() {
        FakePlan.Builder plan = FakePlan.of("demo").kind(Plan.Kind.MODULE);
        plan.step("s", "a");
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.store.results("demo")).isEmpty();
        assertThat(rig.store.cluster("demo")).isEmpty();
    }

    @Test
    void aRunWhosePlanCannotBeCompiledAnyMoreFailsAndTheEngineStarts() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a");
        rig.start(plan.build());
        RunRecord lost =
                new RunRecord(
                        new RunId("r-lost"),
                        "other",
                        Plan.Kind.APPLY,
                        new TreeSet<>(Set.of(Shard.ofCluster("other"))),
                        "plan-lost",
                        RunRecord.State.RUNNING,
                        "ann",
                        RunRecord.Terms.STANDARD,
                        true,
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        rig.now(),
                        Optional.empty(),
                        Epoch.FIRST);
        rig.store.commit(List.of(new Change.PutRun(lost))).join();
        rig.restart();
        assertThat(rig.store.run(lost.id()).orElseThrow().state())
                .isEqualTo(RunRecord.State.FAILED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void explainsToTheFirstCause() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("s", "a").key();
        NodeKey gate = plan.gate("all:s");
        NodeKey second = plan.step("t", "b").reads(first).key();
        plan.after(gate, first).after(second, gate);
        rig.pass(Duration.ofSeconds(91));
        rig.start(plan.build());
        List<Cause> chain = rig.core().explain(rig.run, second);
        assertThat(chain)
                .extracting(Cause::subject)
                .startsWith(second.toString())
                .contains(first.toString(), gate.toString());
        assertThat(chain)
                .filteredOn(cause -> cause.subject().equals(first.toString()))
                .allMatch(cause -> cause.reason().contains("has not called since"));
        rig.poll("a");
        rig.cancel();
        rig.pass(Duration.ofMinutes(1));
        StoredRun stored = StoredRun.read(rig.store, _ -> plan.build(), rig.run);
        assertThat(EngineCore.explain(stored, second)).isNotEmpty();
    }

    @Test
    void aTransitionCostsAsMuchInALargeRunAsInASmallOne() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey before = plan.step("s0", NodeKey.ENGINE).key();
        for (int i = 1; i < 20_000; i++) {
            NodeKey step = plan.step("s" + i, NodeKey.ENGINE).key();
            plan.after(step, before);
            before = step;
        }
        rig.start(plan.build());
        long begin = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            JobRecord job = rig.take(NodeKey.ENGINE);
            assertThat(rig.last.changes()).hasSizeLessThan(12);
            rig.report(NodeKey.ENGINE, job, Outcome.SUCCEEDED);
            assertThat(rig.last.changes()).hasSizeLessThan(12);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
}
