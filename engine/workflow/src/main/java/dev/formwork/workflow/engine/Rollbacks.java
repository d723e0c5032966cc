package dev.formwork.workflow.engine;

import dev.formwork.workflow.engine.StepDecision.Verdict;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The workflows of a run that are being undone since something failed (`on_failure: undo`).
/// Derived from the nodes that have failed.
final class Rollbacks {
    private final RunCore run;
    private final Set<String> workflows = new HashSet<>();

    Rollbacks(RunCore run) {
        this.run = run;
    }

    /// Looks at all that has failed: after a start of the engine, and when something is retried.
    void recount() {
        workflows.clear();
        run.graph().unsuccessful().forEach(this::look);
    }

    /// A node may have failed.
    void look(int node) {
        PlannedNode planned = run.graph().planned(node);
        if (run.graph().state(node) == NodeState.FAILED && planned.action() == Action.STEP) {
            run.plan().work(planned.key()).undoes().ifPresent(workflows::add);
        }
    }

    boolean any() {
        return !workflows.isEmpty();
    }

    /// Whether a step, or its turn, is of a workflow that is being undone: it does not begin any
    /// more.
    boolean stops(PlannedNode node) {
        if (!any()) {
            return false;
        }
        return switch (node.action()) {
            case STEP -> isOfThese(node.key().path()) && !run.plan().work(node.key()).handles();
            case GATE -> node.turn().filter(turn -> isOfThese(turn.step())).isPresent();
            case CREATE, ALLOCATE, RELEASE, BOOT, UNDO, REMOVE -> false;
        };
    }

    /// The first failure for which a step does not begin any more.
    Optional<Integer> cause(PlannedNode stopped) {
        return run.graph().unsuccessful().stream()
                .filter(node -> run.graph().planned(node).action() == Action.STEP)
                .filter(node ->
                        run.plan()
                                .work(run.graph().planned(node).key())
                                .undoes()
                                .filter(path -> isWithin(path, stopped.key().path()))
                                .isPresent())
                .findFirst();
    }

    private static boolean isWithin(String workflow, String step) {
        return workflow.isEmpty() || step.startsWith(workflow + "/");
    }

    private boolean isOfThese(String step) {
        return workflows.stream().anyMatch(path -> isWithin(path, step));
    }

    /// Why there is nothing to undo; empty where there is.
    Optional<Verdict> objection(PlannedNode rollback) {
        NodeKey step = rollback.undone();
        if (!isOfThese(step.path())) {
            return Optional.of(new Verdict.Skip("nothing failed that it is for"));
        }
        boolean done =
                run.number(step)
                                .filter(node -> run.graph().state(node) == NodeState.SUCCEEDED)
                                .isPresent()
                        && run.results()
                                .find(step)
                                .filter(result -> result.run().equals(run.record().id()))
                                .isPresent();
        return done ? Optional.empty() : Optional.of(new Verdict.Skip("this run has not done it"));
    }

    /// How far an undo came that was begun and did not end well is not known: so a retry does the
    /// step again.
    void repeatHalfUndone(Batch batch) {
        for (int node : List.copyOf(run.graph().unsuccessful())) {
            PlannedNode planned = run.graph().planned(node);
            NodeRecord record = run.graph().record(node);
            if (planned.isRollback() && record.attempt() > 0) {
                run.put(batch, node, record.to(NodeState.BLOCKED, ""));
                run.number(planned.undone())
                        .filter(step -> run.graph().state(step) == NodeState.SUCCEEDED)
                        .ifPresent(step ->
                                run.put(
                                        batch,
                                        step,
                                        run.graph().record(step).to(NodeState.BLOCKED, "")));
            }
        }
    }

    /// The step has not happened any more: a retry of the run does it again.
    void undone(Batch batch, PlannedNode rollback) {
        if (rollback.isRollback()) {
            run.number(rollback.undone())
                    .ifPresent(step -> {
                        NodeRecord now = run.graph().record(step);
                        run.put(
                                batch,
                                step,
                                now.ended(
                                                NodeState.CANCELLED,
                                                "undone, since something failed",
                                                batch.now())
                                        .withCode("step.undone"));
                    });
        }
    }
}
