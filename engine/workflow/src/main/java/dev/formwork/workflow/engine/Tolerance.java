package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;

/// Whether a run in which something failed has succeeded all the same (`on_failure: continue`).
final class Tolerance {
    private final RunCore run;

    Tolerance(RunCore run) {
        this.run = run;
    }

    /// Every failure is tolerated, and nothing but steps stays undone for it: no machine, no undo,
    /// and no turn that was refused since too many had failed.
    boolean holds() {
        RunGraph graph = run.graph();
        for (int node : graph.unsuccessful()) {
            if (graph.state(node) != NodeState.FAILED || !isTolerated(graph.planned(node))) {
                return false;
            }
        }
        if (graph.unsuccessful().isEmpty()) {
            return false;
        }
        for (int node = 0; node < graph.size(); node++) {
            Action action = graph.planned(node).action();
            boolean step = action == Action.STEP || action == Action.GATE;
            if (graph.state(node) == NodeState.BLOCKED && (!step || graph.isRefused(node))) {
                return false;
            }
        }
        return true;
    }

    private boolean isTolerated(PlannedNode node) {
        return node.action() == Action.STEP && run.plan().work(node.key()).tolerated();
    }

    /// What stays blocked names its cause already.
    void skipBlocked(Batch batch) {
        RunGraph graph = run.graph();
        for (int node = 0; node < graph.size(); node++) {
            NodeRecord record = graph.record(node);
            if (record.state() == NodeState.BLOCKED) {
                run.put(batch, node, record.ended(NodeState.SKIPPED, record.reason(), batch.now()));
            }
        }
    }
}
