package dev.formwork.workflow.graph;

import dev.formwork.workflow.membership.Membership;

import java.util.List;
import java.util.Optional;

/// Puts steps that run only after a failure (`on_failure: {run: ...}`) behind what they run for:
/// `handled:step@machine` waits until all of that has ended, well or not.
final class FailureRules {
    static final String HANDLED = "handled:";

    private final Draft draft;
    private final Membership membership;
    private final Evaluation evaluation;

    FailureRules(Draft draft, Membership membership, Evaluation evaluation) {
        this.draft = draft;
        this.membership = membership;
        this.evaluation = evaluation;
    }

    void handlers(List<StepInstance> steps) {
        for (StepInstance step : steps) {
            Optional<StepInstance> handler = step.handler();
            if (handler.isEmpty()) {
                continue;
            }
            for (NodeKey key : Nodes.of(step, membership, evaluation)) {
                boolean here = Evaluation.onWholeGroup(handler.get());
                NodeKey gate =
                        new NodeKey(
                                HANDLED + handler.get().path(),
                                Optional.empty(),
                                here ? key.machine() : Optional.empty());
                Evaluation.Place place = Evaluation.Place.of(step, key);
                draft.join(
                        gate,
                        draft.has(gate)
                                ? List.of()
                                : Nodes.handled(handler.get(), place, membership, evaluation),
                        true);
                draft.order(gate, key);
            }
        }
    }
}
