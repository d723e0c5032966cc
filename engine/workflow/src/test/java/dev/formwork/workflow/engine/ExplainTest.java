package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.module.Repeat;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.run.JobRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Each kind of waiting, from the node that somebody asks about to its first cause, in words.
class ExplainTest {
    private static final NodeKey A = NodeKey.of("s", "a");
    private static final NodeKey B = NodeKey.of("s", "b");
    private static final NodeKey C = NodeKey.of("s", "c");
    private static final NodeKey LAST = NodeKey.of("last", "b");

    private final Rig rig = new Rig("a", "b", "c");
    private final FakePlan.Builder plan = FakePlan.of("demo");
    private final FakeStep first = plan.step("s", "a");

    /// `last@b` waits for a step of which the chain has to tell.
    private void start() {
        plan.step("last", "b").reads(A);
        rig.start(plan.build());
    }

    private List<String> chain(NodeKey node) {
        return rig.core().explain(rig.run, node).stream()
                .map(cause -> cause.subject() + ": " + cause.reason())
                .toList();
    }

    private String cause() {
        return chain(LAST).getLast();
    }

    @Test
    void whatItsAgentHasYetToAskFor() {
        start();
        assertThat(chain(LAST))
                .containsExactly(
                        "last@b: waits for s@a", "s@a: its agent gets it with its next call");
    }

    @Test
    void whatRuns() {
        start();
        rig.take("a");
        assertThat(chain(LAST)).containsExactly("last@b: waits for s@a", "s@a: ");
    }

    @Test
    void anAgentThatIsLost() {
        start();
        rig.pass(Duration.ofMinutes(5));
        assertThat(cause()).startsWith("s@a: the agent of a has not called since ");
    }

    @Test
    void anAgentThatIsLostWhileItsJobRuns() {
        first.timeout(Duration.ofHours(1));
        start();
        rig.take("a");
        rig.pass(Duration.ofMinutes(5));
        assertThat(cause()).startsWith("s@a: the agent of a has not called since ");
    }

    @Test
    void aMachineThatReboots() {
        first.mayReboot();
        start();
        rig.report("a", rig.take("a"), Outcome.REBOOT);
        assertThat(cause()).startsWith("s@a: a reboots");
    }

    @Test
    void whatIsBehindAMachineThatReboots() {
        first.mayReboot();
        NodeKey other = plan.step("other", "a").key();
        start();
        rig.report("a", rig.take("a"), Outcome.REBOOT);
        assertThat(chain(other))
                .containsExactly("other@a: a is busy with s@a of run r-1", "s@a: a reboots");
    }

    @Test
    void aPauseBetweenTwoAttempts() {
        first.retry(2, Duration.ofSeconds(30));
        start();
        rig.work("a", Outcome.FAILED);
        assertThat(cause()).startsWith("s@a: attempt 1 failed (it failed); next at 2030-");
    }

    @Test
    void aPauseBetweenTwoIterations() {
        first.until(3, Duration.ofSeconds(30));
        start();
        rig.report("a", rig.take("a"), Outcome.SUCCEEDED, FakeStep.NOT_YET);
        assertThat(cause()).startsWith("s@a: run 1: its `until` does not hold yet; next at 2030-");
    }

    @Test
    void aPersonWhoHasToSayWhetherItHappened() {
        first.repeat(Repeat.AT_MOST_ONCE);
        start();
        rig.report("a", rig.take("a"), Outcome.INTERRUPTED);
        assertThat(cause()).contains("must not happen twice: did it happen?");
    }

    @Test
    void aPersonWhoHasToApproveMore() {
        first.decision(Decision.SKIPPED);
        start();
        assertThat(rig.node(A).question()).isPresent();
        assertThat(cause()).startsWith("s@a: the plan ").contains("skip");
    }

    @Test
    void aTurnForWhichThereIsNoRoom() {
        plan.step("s", "b");
        new FakeControl(plan).turns(1, 0, A, B);
        start();
        rig.take("a");
        assertThat(chain(B))
                .containsExactly("s@b: waits for turn:s@b", "turn:s@b: waits for s@a", "s@a: ");
    }

    @Test
    void aTurnThatIsRefusedAlsoWhenTheRunHasEnded() {
        plan.step("s", "b");
        plan.step("s", "c");
        new FakeControl(plan).turns(1, 0, A, B, C);
        start();
        rig.work("a", Outcome.FAILED);
        assertThat(rig.runState().ended()).isTrue();
        List<String> chain =
                EngineCore.explain(rig.stored(), B).stream().map(Cause::subject).toList();
        assertThat(chain).containsExactly("s@b", "turn:s@b", "s@a");
    }

    @Test
    void aGateAndACanary() {
        plan.step("s", "b");
        new FakeControl(plan).turns(2, 0, A, B);
        NodeKey canary = plan.gate("canary:s");
        plan.after(canary, A).after(FakeControl.turnOf(B), canary);
        start();
        rig.take("a");
        assertThat(chain(B))
                .containsExactly(
                        "s@b: waits for turn:s@b",
                        "turn:s@b: waits for canary:s",
                        "canary:s: waits for s@a",
                        "s@a: ");
    }

    @Test
    void whatIsBeingUndone() {
        NodeKey next = plan.step("t", "a").reads(A).key();
        plan.step("f", "c").undoesAll();
        new FakeControl(plan).rollback(first, A, next, NodeKey.of("f", "c"));
        start();
        rig.work("c", Outcome.FAILED);
        rig.work("a", Outcome.SUCCEEDED);
        assertThat(chain(next))
                .containsExactly(
                        "t@a: what its workflow has done is being undone", "f@c: it failed");
    }

    @Test
    void aWorkflowWhoseTimeIsOver() {
        plan.limit("", Duration.ofSeconds(30), A);
        start();
        rig.take("a");
        rig.pass(Duration.ofSeconds(30));
        assertThat(cause()).isEqualTo("s@a: its workflow took longer than 30 s");
    }

    @Test
    void aRunThatIsCancelledAndItsTimeIsOver() {
        start();
        JobRecord job = rig.take("a");
        rig.cancel();
        assertThat(cause()).isEqualTo("s@a: being cancelled");
        rig.report("a", job, Outcome.CANCELLED);
        assertThat(EngineCore.explain(rig.stored(), LAST))
                .extracting(Cause::reason)
                .containsExactly("s@a did not succeed", "the run was cancelled");
    }

    @Test
    void aMachineThatIsBeingMade() {
        plan.member("n", Member.Role.JOINING, Optional.empty());
        NodeKey create = plan.node(Action.CREATE, "machine:create", "n");
        NodeKey boot = plan.node(Action.BOOT, "machine:boot", "n");
        plan.after(boot, create).after(A, boot);
        start();
        assertThat(cause()).startsWith("machine:create@n: asked of fake");
        rig.step(
                new Input.InstanceCreated(
                        rig.machine("n").id(),
                        "i-1",
                        Optional.of("10.0.0.9"),
                        Hardware.NONE,
                        List.of()));
        assertThat(cause()).startsWith("machine:boot@n: its agent has not called yet");
    }
}
