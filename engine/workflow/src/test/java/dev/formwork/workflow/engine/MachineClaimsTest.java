package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.run.RunRecord.State;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/// Several runs on one machine.
class MachineClaimsTest {
    private final Rig rig = new Rig("a", "b", "c");

    private static FakePlan plan(String cluster, String... machines) {
        FakePlan.Builder plan = FakePlan.of(cluster).kind(Plan.Kind.MODULE);
        for (String machine : machines) {
            plan.step("s", machine);
        }
        return plan.build();
    }

    private RunId begin(FakePlan plan) {
        return begin(plan, 0);
    }

    private RunId begin(FakePlan plan, int priority) {
        rig.start(plan, new RunRecord.Terms(priority, Optional.empty()));
        return rig.run;
    }

    private State state(RunId run) {
        return rig.store.run(run).orElseThrow().state();
    }

    private String reason(RunId run) {
        return rig.store.run(run).orElseThrow().reason();
    }

    @Test
    void aRunWaitsForAMachineThatAnotherHolds() {
        RunId first = begin(plan("red", "a", "b"));
        RunId second = begin(plan("blue", "b", "c"));
        assertThat(state(second)).isEqualTo(State.WAITING);
        assertThat(reason(second))
                .isEqualTo("it waits for machine b, which run " + first + " (cluster red) holds");
        assertThat(rig.poll("c").jobs()).isEmpty();

        rig.work("a", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(state(first)).isEqualTo(State.SUCCEEDED);
        assertThat(state(second)).isEqualTo(State.RUNNING);
        assertThat(reason(second)).isEmpty();
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("c", Outcome.SUCCEEDED);
        assertThat(state(second)).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void runsOnOtherMachinesDoNotWait() {
        begin(plan("red", "a"));
        RunId second = begin(plan("blue", "b"));
        assertThat(state(second)).isEqualTo(State.RUNNING);
    }

    @Test
    void whatAPlanLeavesAloneIsNotHeld() {
        FakePlan.Builder plan = FakePlan.of("red");
        plan.step("s", "a");
        plan.step("s", "b").decision(Decision.SKIPPED).when(_ -> false);
        begin(plan.build());
        assertThat(state(begin(plan("blue", "b")))).isEqualTo(State.RUNNING);
    }

    @Test
    void whatIsOnlyUndoneWhereThisRunHasDoneItHoldsNoMachineOfItsOwn() {
        FakePlan.Builder plan = FakePlan.of("red");
        FakeStep done = plan.step("s", "a");
        FakeStep left = plan.step("s", "b").decision(Decision.SKIPPED).when(_ -> false);
        NodeKey failing = plan.step("f", "a").reads(done.key()).undoesAll().key();
        FakeControl control = new FakeControl(plan);
        NodeKey undo = control.rollback(done, done.key(), left.key(), failing);
        control.rollback(left, done.key(), left.key(), failing);
        begin(plan.build());
        assertThat(state(begin(plan("blue", "b")))).isEqualTo(State.RUNNING);
        RunId other = begin(plan("green", "a"));

        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.FAILED);
        JobRecord undoing = rig.take("a");

        assertThat(undoing.key()).isEqualTo(undo);
        rig.restart();
        assertThat(state(other)).as("until all is undone").isEqualTo(State.WAITING);
        rig.report("a", undoing, Outcome.SUCCEEDED);
        assertThat(state(other)).isEqualTo(State.RUNNING);
    }

    @Test
    void whatWouldRunAfterAllWaitsUntilItsMachineIsFree() {
        FakePlan.Builder plan = FakePlan.of("red");
        plan.step("s", "a");
        NodeKey skipped = plan.step("s", "b").decision(Decision.SKIPPED).key();
        RunId red = begin(plan.build());
        RunId blue = begin(plan("blue", "b"));
        rig.run = red;
        assertThat(Rig.code(rig.approveMore(skipped))).isEqualTo("machine.held");
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(state(blue)).isEqualTo(State.SUCCEEDED);
        assertThat(rig.approveMore(skipped)).isEqualTo(new Reply.Done());
        assertThat(state(begin(plan("green", "b")))).isEqualTo(State.WAITING);
        rig.restart();
        assertThat(state(rig.run)).isEqualTo(State.WAITING);
    }

    @Test
    void holdingSurvivesARestart() {
        RunId first = begin(plan("red", "a"));
        RunId second = begin(plan("blue", "a"));
        rig.restart();
        assertThat(state(second)).isEqualTo(State.WAITING);
        RunId third = begin(plan("green", "a"));
        JobRecord job = rig.take("a");
        assertThat(job.run()).isEqualTo(first);
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(state(second)).isEqualTo(State.RUNNING);
        assertThat(reason(third)).contains(second.value());
        rig.restart();
        rig.work("a", Outcome.SUCCEEDED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(state(third)).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void aRunThatWaitsForTwoMachinesIsNotOvertakenOnEither() {
        begin(plan("red", "a"));
        RunId second = begin(plan("blue", "a", "b"));
        RunId third = begin(plan("green", "b"));
        assertThat(state(third)).isEqualTo(State.WAITING);
        assertThat(reason(third))
                .isEqualTo(
                        "it waits for machine b, for which run "
                                + second
                                + " (cluster blue) waits and comes first");
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(state(second)).isEqualTo(State.RUNNING);
        assertThat(state(third)).isEqualTo(State.WAITING);
    }

    @Test
    void theHigherPriorityComesFirst() {
        begin(plan("red", "a"));
        RunId low = begin(plan("blue", "a"));
        RunId high = begin(plan("green", "a"), 10);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(state(high)).isEqualTo(State.RUNNING);
        assertThat(state(low)).isEqualTo(State.WAITING);
        assertThat(reason(low)).contains(high.value());
    }

    @Test
    void aRunThatWaitsCanBeCancelled() {
        begin(plan("red", "a"));
        RunId second = begin(plan("blue", "a", "b"));
        RunId third = begin(plan("green", "b"));
        rig.run = second;
        rig.cancel();
        assertThat(state(second)).isEqualTo(State.CANCELLED);
        assertThat(state(third)).isEqualTo(State.RUNNING);
    }

    @Test
    void aRunThatIsRetriedTakesItsMachinesAnew() {
        RunId first = begin(plan("red", "a"));
        rig.work("a", Outcome.FAILED);
        RunId second = begin(plan("blue", "a"));
        rig.run = first;
        rig.retry();
        assertThat(state(first)).isEqualTo(State.WAITING);
        rig.restart();
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(state(second)).isEqualTo(State.SUCCEEDED);
        assertThat(state(first)).isEqualTo(State.RUNNING);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(state(first)).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void twoAppliesOfOneClusterAreRefused() {
        begin(plan("red", "a"));
        assertThat(Rig.code(rig.start(plan("red", "b")))).isEqualTo("run.cluster-busy");
    }

    @Test
    void explainsWhoseTheMachineIsAndWhatItDoes() {
        RunId first = begin(plan("red", "a"));
        rig.take("a");
        RunId second = begin(plan("blue", "a"));
        NodeKey node = NodeKey.of("s", "a");
        assertThat(rig.core().explain(second, node))
                .containsExactly(
                        new Cause(0, "s@a", Optional.of("blocked"), "its run does not go on"),
                        new Cause(
                                1,
                                "run " + second + " (cluster blue)",
                                Optional.of("waiting"),
                                "it waits for machine a, which run "
                                        + first
                                        + " (cluster red) holds"),
                        new Cause(2, "run " + first + " (cluster red)", Optional.of("running"), ""),
                        new Cause(
                                3,
                                "s@a of run " + first + " (cluster red)",
                                Optional.of("running"),
                                ""));
    }

    @Test
    void oneJobAtATimeUnlessTheStepIsParallel() {
        FakePlan.Builder plan = FakePlan.of("red");
        NodeKey one = plan.step("one", "a").key();
        NodeKey two = plan.step("two", "a").key();
        NodeKey beside = plan.step("beside", "a").parallelToOthers().key();
        NodeKey more = plan.step("more", "a").parallelToOthers().key();
        begin(plan.build());
        assertThat(rig.poll("a").jobs())
                .extracting(offer -> offer.job().key())
                .containsExactlyInAnyOrder(one, beside, more);
        assertThat(rig.state(two)).isEqualTo(NodeState.WAITING);
        assertThat(rig.core().explain(rig.run, two))
                .extracting(Cause::subject, Cause::reason)
                .containsExactly(
                        tuple("two@a", "a is busy with one@a of run " + rig.run),
                        tuple("one@a", "offered to the agent of a"));
    }

    @Test
    void aParallelStepNeverRunsBesideAnotherAttemptOfItself() {
        FakePlan.Builder plan = FakePlan.of("red");
        NodeKey beside =
                plan.step("beside", "a")
                        .parallelToOthers()
                        .retry(1, Duration.ofSeconds(1))
                        .timeout(Duration.ofSeconds(10))
                        .key();
        begin(plan.build());
        JobRecord job = rig.take("a");
        rig.pass(Duration.ofSeconds(80));
        assertThat(rig.node(beside).attempt()).isEqualTo(1);
        assertThat(rig.state(beside)).isNotEqualTo(NodeState.RUNNING);
        assertThat(rig.poll("a", job).jobs()).isEmpty();
        assertThat(rig.poll("a").jobs()).hasSize(1);
    }
}
