package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/// Named mutexes, over all runs.
class MutexTest {
    private static final NodeKey A = NodeKey.of("s", "a");
    private static final NodeKey B = NodeKey.of("s", "b");
    private static final NodeKey C = NodeKey.of("s", "c");

    private final Rig rig = new Rig("a", "b", "c");

    private static FakePlan plan(String cluster, int max, String... machines) {
        FakePlan.Builder plan = FakePlan.of(cluster);
        for (String machine : machines) {
            plan.step("s", machine).mutex("db", max).timeout(Duration.ofMinutes(10));
        }
        return plan.build();
    }

    private RunId begin(FakePlan plan, int priority) {
        rig.start(plan, new RunRecord.Terms(priority, Optional.empty()));
        return rig.run;
    }

    private RunId begin(FakePlan plan) {
        return begin(plan, 0);
    }

    private boolean gets(String machine) {
        return !rig.poll(machine).jobs().isEmpty();
    }

    @Test
    void oneNodeOfARunHasItAtATime() {
        begin(plan("red", 1, "a", "b"));
        assertThat(rig.state(A)).isEqualTo(NodeState.READY);
        assertThat(rig.state(B)).isEqualTo(NodeState.WAITING);
        assertThat(gets("b")).isFalse();
        JobRecord job = rig.take("a");
        assertThat(gets("b")).isFalse();
        assertThat(rig.node(B).reason()).contains("it waits for the mutex db");
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.effects).contains(new Effect.WakeAgent(Rig.id("b")));
        assertThat(rig.state(B)).isEqualTo(NodeState.READY);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void itHoldsOverRunsAndRestarts() {
        begin(plan("red", 1, "a"));
        JobRecord job = rig.take("a");
        begin(plan("blue", 1, "b"));
        assertThat(gets("b")).isFalse();
        rig.restart();
        assertThat(gets("b")).isFalse();
        assertThat(rig.core().explain(rig.run, B))
                .containsExactly(
                        new Cause(
                                0,
                                "s@b",
                                Optional.of("waiting"),
                                "it waits for the mutex db, which s@a of run "
                                        + job.run()
                                        + " (cluster red) has"),
                        new Cause(
                                1,
                                "s@a of run " + job.run() + " (cluster red)",
                                Optional.of("running"),
                                ""));
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(gets("b")).isTrue();
    }

    @Test
    void theNextIsTheOneThatWaitsLongest() {
        begin(plan("red", 1, "a"));
        JobRecord job = rig.take("a");
        rig.pass(Duration.ofSeconds(1));
        begin(plan("blue", 1, "c"));
        rig.pass(Duration.ofSeconds(1));
        begin(plan("green", 1, "b"));
        rig.restart();
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(gets("b")).isFalse();
        assertThat(gets("c")).isTrue();
    }

    @Test
    void theHigherPriorityComesFirst() {
        begin(plan("red", 1, "a"));
        JobRecord job = rig.take("a");
        begin(plan("blue", 1, "b"));
        rig.pass(Duration.ofSeconds(1));
        begin(plan("green", 1, "c"), 1);
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(gets("b")).isFalse();
        assertThat(gets("c")).isTrue();
    }

    @Test
    void aMachineThatDoesNotCallKeepsNobodyFromIt() {
        begin(plan("red", 1, "a"));
        JobRecord job = rig.take("a");
        begin(plan("blue", 1, "b"));
        rig.pass(Duration.ofSeconds(1));
        begin(plan("green", 1, "c"));
        for (int i = 0; i < 5; i++) {
            rig.pass(Duration.ofSeconds(30));
            rig.poll("a", job);
            rig.poll("c");
        }
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.state(C)).isEqualTo(NodeState.READY);
        JobRecord next = rig.take("c");
        assertThat(gets("b")).isFalse();
        rig.report("c", next, Outcome.SUCCEEDED);
        assertThat(gets("b")).isTrue();
    }

    @Test
    void aMachineThatIsBusyKeepsNobodyFromIt() {
        FakePlan.Builder plan = FakePlan.of("red");
        plan.step("other", "b");
        plan.step("s", "b").mutex("db", 1);
        plan.step("s", "c").mutex("db", 1);
        begin(plan.build());
        JobRecord other = rig.take("b");
        assertThat(other.key().path()).isEqualTo("other");
        assertThat(rig.state(B)).isEqualTo(NodeState.WAITING);
        JobRecord next = rig.take("c");
        rig.report("b", other, Outcome.SUCCEEDED);
        assertThat(gets("b")).isFalse();
        rig.report("c", next, Outcome.SUCCEEDED);
        assertThat(gets("b")).isTrue();
    }

    @Test
    void asManyHaveItAsTheStrictestAllows() {
        begin(plan("red", 2, "a", "b", "c"));
        assertThat(gets("a")).isTrue();
        assertThat(gets("b")).isTrue();
        assertThat(gets("c")).isFalse();
        Rig other = new Rig("a", "b");
        other.start(plan("red", 1, "a"));
        other.take("a");
        other.start(plan("blue", 2, "b"));
        assertThat(other.poll("b").jobs()).isEmpty();
    }

    @Test
    void aRetryLetsOthersHaveItMeanwhile() {
        FakePlan.Builder plan = FakePlan.of("red");
        plan.step("s", "a").mutex("db", 1).retry(1, Duration.ofSeconds(30));
        plan.step("s", "b").mutex("db", 1);
        begin(plan.build());
        rig.work("a", Outcome.FAILED);
        assertThat(gets("b")).isTrue();
        rig.pass(Duration.ofSeconds(31));
        assertThat(gets("a")).isFalse();
    }

    @Test
    void whoeverIsCutOffHasItUntilItMustHaveEnded() {
        begin(plan("red", 1, "a"));
        JobRecord job = rig.take("a");
        begin(plan("blue", 1, "b"));
        rig.step(new Input.Cancel(job.run(), false, "ann"));
        rig.pass(Duration.ofMinutes(9));
        assertThat(gets("b")).isFalse();
        rig.pass(Duration.ofMinutes(2));
        assertThat(gets("b")).isTrue();
    }

    @Test
    void whatWaitsForItCanBeCancelled() {
        begin(plan("red", 1, "a"));
        JobRecord job = rig.take("a");
        begin(plan("blue", 1, "b"));
        rig.cancel();
        begin(plan("green", 1, "c"));
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(gets("c")).isTrue();
    }

    @Test
    void howManyWaitForItDoesNotMatter() {
        String[] machines = new String[300];
        for (int i = 0; i < machines.length; i++) {
            machines[i] = "m" + i;
        }
        Rig many = new Rig(machines);
        FakePlan.Builder plan = FakePlan.of("red");
        for (String machine : machines) {
            plan.step("s", machine).mutex("db", 2);
        }
        for (int i = 0; i < 3000; i++) {
            plan.step("t" + i, NodeKey.ENGINE).mutex("db", 2);
        }
        many.start(plan.build());
        for (String machine : machines) {
            JobRecord job = many.take(machine);
            assertThat(many.last.changes()).hasSizeLessThan(12);
            many.report(machine, job, Outcome.SUCCEEDED);
            assertThat(many.last.changes()).hasSizeLessThan(12);
        }
        assertThat(many.poll(NodeKey.ENGINE).jobs()).hasSize(2);
        assertThat(many.last.changes()).hasSizeLessThan(24);
    }
}
