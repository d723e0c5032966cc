package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Failure;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.Turn;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.plan.Decision;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The nodes that `strategy` and `on_failure` add to a plan put together by hand.
public final class FakeControl {
    private final FakePlan.Builder plan;

    public FakeControl(FakePlan.Builder plan) {
        this.plan = plan;
    }

    /// Makes steps of one path take turns, in this order.
    public FakeControl turns(int most, int failures, NodeKey... steps) {
        return turnsUntil(steps[0].path(), most, failures, steps);
    }

    /// Turns that end with another step on each machine.
    public FakeControl turnsUntil(String gate, int most, int failures, NodeKey... steps) {
        for (int i = 0; i < steps.length; i++) {
            NodeKey turn =
                    plan.turn(
                            turnOf(steps[i]),
                            new Turn(steps[i].path(), most, failures, on(steps[i], gate)));
            plan.after(steps[i], turn);
            if (i >= most) {
                plan.afterSettled(turn, on(steps[i - most], gate));
            }
        }
        return this;
    }

    /// Has the turns of all others wait for canaries, which have turns already.
    public FakeControl canaries(List<NodeKey> canaries, NodeKey... others) {
        NodeKey gate = plan.gate("canary:" + others[0].path());
        canaries.forEach(canary -> plan.after(gate, canary));
        Stream.of(others).forEach(other -> plan.after(turnOf(other), gate));
        return this;
    }

    private static NodeKey on(NodeKey step, String path) {
        return NodeKey.of(path, step.machine().orElseThrow());
    }

    public static NodeKey turnOf(NodeKey step) {
        return on(step, "turn:" + step.path());
    }

    /// Has a step run only after a failure of one of these.
    public FakeControl handler(FakeStep step, NodeKey... handled) {
        NodeKey gate = plan.node(Action.GATE, "handled:" + step.key().path(), NodeKey.ENGINE);
        step.handles = true;
        step.decision(Decision.MAY_RUN).when(world -> anyFailed(world, handled));
        plan.afterSettled(gate, handled).after(step.key(), gate);
        return this;
    }

    private static boolean anyFailed(World world, NodeKey... steps) {
        return Stream.of(steps)
                .map(world::failure)
                .anyMatch(failure ->
                        failure instanceof Resolution.Known<Optional<Failure>>(var known)
                                && known.isPresent());
    }

    /// The UNDO node of a step that this plan does itself.
    public NodeKey rollback(FakeStep step, NodeKey... ended) {
        NodeKey gate = plan.gate("ended:/");
        NodeKey rollback =
                plan.node(
                        Action.UNDO,
                        "rollback:" + step.undo().key().path(),
                        step.key().machine().orElseThrow());
        plan.afterSettled(gate, ended).after(rollback, gate);
        return rollback;
    }
}
