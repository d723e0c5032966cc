package dev.formwork.workflow.graph;

import dev.formwork.model.Problems;
import dev.formwork.model.module.Task;
import dev.formwork.workflow.membership.Membership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Adds what `on_failure: undo` may have to do: for each step of such a workflow whose task can be
/// undone, `rollback:step@machine`, in the reverse of the steps' order, when all of the workflow
/// has ended. The order between is that of the steps, gates and turns that lie between, mirrored.
final class RollbackRules {
    private final Draft draft;
    private final Membership membership;
    private final Evaluation evaluation;
    private final Map<NodeKey, StepInstance> steps = new HashMap<>();

    RollbackRules(Draft draft, Membership membership, Evaluation evaluation) {
        this.draft = draft;
        this.membership = membership;
        this.evaluation = evaluation;
    }

    /// After all other edges are there.
    void rollbacks(List<StepInstance> tasks) {
        Set<String> workflows = new TreeSet<>();
        tasks.forEach(task -> task.undoes().ifPresent(workflows::add));
        for (StepInstance task : tasks) {
            if (workflows.stream().anyMatch(path -> isWithin(path, task.path()))
                    && task.handler().isEmpty()) {
                Nodes.of(task, membership, evaluation).forEach(key -> steps.put(key, task));
            }
        }
        if (steps.isEmpty()) {
            return;
        }
        List<GraphNode> mirrored = mirrored(draft.sorted(new Problems()));
        for (GraphNode node : mirrored) {
            Action action = canBeUndone(node.key()) ? Action.UNDO : Action.GATE;
            draft.add(rollbackOf(node.key()), action, null, null);
        }
        for (GraphNode node : mirrored) {
            NodeKey rollback = rollbackOf(node.key());
            before(node).forEach(earlier -> draft.order(rollback, rollbackOf(earlier)));
            if (canBeUndone(node.key())) {
                workflows.stream()
                        .filter(path -> isWithin(path, node.key().path()))
                        .forEach(path -> draft.order(ended(path), rollback));
            }
        }
    }

    /// Whether a step, or what is in it, belongs to a workflow.
    static boolean isWithin(String workflow, String path) {
        return workflow.isEmpty() || path.startsWith(workflow + "/");
    }

    private NodeKey ended(String workflow) {
        List<NodeKey> all =
                steps.keySet().stream().filter(key -> isWithin(workflow, key.path())).toList();
        return draft.join(
                NodeKey.gate("ended:" + (workflow.isEmpty() ? "/" : workflow)), all, true);
    }

    /// Those that can be undone, and what lies between them.
    private List<GraphNode> mirrored(List<GraphNode> sorted) {
        Set<NodeKey> behind = new HashSet<>();
        for (GraphNode node : sorted) {
            if (canBeUndone(node.key())
                    || (lies(node) && before(node).stream().anyMatch(behind::contains))) {
                behind.add(node.key());
            }
        }
        Set<NodeKey> ahead = new HashSet<>();
        List<GraphNode> mirrored = new ArrayList<>();
        for (GraphNode node : sorted.reversed()) {
            boolean undone = canBeUndone(node.key());
            if (undone || (ahead.contains(node.key()) && behind.contains(node.key()))) {
                mirrored.add(node);
                ahead.addAll(before(node));
            }
        }
        return mirrored;
    }

    private boolean lies(GraphNode node) {
        return node.action() == Action.GATE || steps.containsKey(node.key());
    }

    private static List<NodeKey> before(GraphNode node) {
        List<NodeKey> before = new ArrayList<>(node.after());
        before.addAll(node.afterSettled());
        return before;
    }

    private boolean canBeUndone(NodeKey key) {
        StepInstance step = steps.get(key);
        return step != null
                && !step.event()
                && step.module.module() instanceof Task task
                && task.undo().isPresent();
    }

    private static NodeKey rollbackOf(NodeKey key) {
        return new NodeKey("rollback:" + key.path(), key.item(), key.machine());
    }
}
