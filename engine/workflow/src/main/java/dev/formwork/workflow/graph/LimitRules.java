package dev.formwork.workflow.graph;

import dev.formwork.workflow.membership.Membership;

import java.util.ArrayList;
import java.util.List;

/// Adds a node for each workflow that has a `timeout`, `within:path`: over when all of its steps
/// have ended, well or not. Its clock is the engine's affair. Handlers take their time beside it.
final class LimitRules {
    private final Draft draft;
    private final Membership membership;
    private final Evaluation evaluation;

    LimitRules(Draft draft, Membership membership, Evaluation evaluation) {
        this.draft = draft;
        this.membership = membership;
        this.evaluation = evaluation;
    }

    void limits(ScopeInstance scope) {
        if (scope.timeout().isPresent()) {
            List<NodeKey> all = new ArrayList<>();
            for (StepInstance task : Composition.tasks(scope)) {
                boolean handles =
                        task.handler()
                                .filter(handler ->
                                        handler.scope == scope
                                                || RollbackRules.isWithin(
                                                        scope.path, handler.scope.path))
                                .isPresent();
                if (!handles) {
                    all.addAll(Nodes.of(task, membership, evaluation));
                }
            }
            if (!all.isEmpty()) {
                draft.join(NodeKey.within(scope.path), all, true);
            }
        }
        scope.steps
                .values()
                .forEach(step -> {
                    if (step.nested != null) {
                        limits(step.nested);
                    }
                });
    }
}
