package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.module.Repeat;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Change;

import org.junit.jupiter.api.Test;

import java.util.List;

/// The store was restored from a backup: the engine before may have gone on after that was made.
class RestoredTest {
    private final Rig rig = new Rig("a", "b");

    private void restored(long epoch) {
        rig.store
                .commit(List.of(new Change.PutSetting(Epoch.SETTING, Long.toString(epoch))))
                .join();
        rig.restart();
    }

    @Test
    void whatRanIsRefusedAndRunsAgainUnderAHigherToken() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey step = plan.step("s", "a").key();
        rig.start(plan.build());
        JobRecord old = rig.take("a");

        restored(1);

        assertThat(Rig.code(rig.report("a", old, Outcome.SUCCEEDED))).isEqualTo("job.fenced");
        Reply.Polled polled = rig.poll("a", old);
        assertThat(polled.cancel()).extracting(Reply.CancelOrder::job).containsExactly(old.id());
        assertThat(polled.jobs()).as("not beside the old one").isEmpty();
        JobRecord again = rig.take("a");
        assertThat(again.token()).isGreaterThan(1L << 32);
        assertThat(again.id()).isNotEqualTo(old.id());
        rig.report("a", again, Outcome.SUCCEEDED);
        assertThat(rig.state(step)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.replay(rig.run).differences()).isEmpty();
    }

    @Test
    void whatMustNotHappenTwiceAsksWhereverItWas() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey running = plan.step("running", "a").repeat(Repeat.AT_MOST_ONCE).key();
        NodeKey ready = plan.step("ready", "b").repeat(Repeat.AT_MOST_ONCE).key();
        NodeKey blocked = plan.step("blocked", "b").repeat(Repeat.AT_MOST_ONCE).reads(ready).key();
        NodeKey usual = plan.step("usual", "b").reads(blocked).key();
        rig.start(plan.build());
        rig.take("a");

        restored(1);

        assertThat(rig.poll("a").jobs()).isEmpty();
        assertThat(rig.poll("b").jobs()).isEmpty();
        assertAsks(running);
        assertAsks(ready);
        rig.resolve(running, true);
        rig.resolve(ready, false);
        rig.restart();
        rig.work("b", Outcome.SUCCEEDED);
        assertAsks(blocked);
        rig.resolve(blocked, false);
        rig.work("b", Outcome.SUCCEEDED);
        rig.work("b", Outcome.SUCCEEDED);
        assertThat(rig.state(usual)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.replay(rig.run).differences()).isEmpty();
    }

    @Test
    void alsoInARunThatHadEndedAndIsRetried() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("first", "a").key();
        NodeKey once = plan.step("once", "a").repeat(Repeat.AT_MOST_ONCE).reads(first).key();
        rig.start(plan.build());
        rig.work("a", Outcome.FAILED);

        restored(1);

        rig.retry();
        JobRecord job = rig.take("a");
        assertThat(job.token()).isGreaterThan(1L << 32);
        rig.report("a", job, Outcome.SUCCEEDED);
        assertAsks(once);
        rig.resolve(once, true);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.replay(rig.run).differences()).isEmpty();
    }

    /// The simulator found it: consent to more than was planned is no word on what has happened.
    @Test
    void alsoWhatWasApprovedBeyondThePlan() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey step =
                plan.step("s", "a").repeat(Repeat.AT_MOST_ONCE).decision(Decision.UNCHANGED).key();
        rig.start(plan.build());
        assertThat(rig.node(step).question()).contains(Question.APPROVE_MORE);

        restored(1);

        rig.approveMore(step);
        assertAsks(step);
        rig.resolve(step, false);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void whatBeginsAfterwardsAsksNothing() {
        restored(1);
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("once", "a").repeat(Repeat.AT_MOST_ONCE);
        rig.start(plan.build());
        rig.restart();
        JobRecord job = rig.take("a");
        assertThat(job.token()).isEqualTo((1L << 32) + 1);
        rig.restart();
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
        assertThat(rig.replay(rig.run).differences()).isEmpty();

        FakePlan.Builder other = FakePlan.of("other");
        other.step("once", "a").repeat(Repeat.AT_MOST_ONCE);
        rig.start(other.build());
        restored(2);
        assertAsks(NodeKey.of("once", "a"));
    }

    private void assertAsks(NodeKey node) {
        assertThat(rig.node(node).question()).contains(Question.DID_IT_HAPPEN);
    }
}
