package dev.formwork.server.plan;

import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.PlanRequest;
import dev.formwork.workflow.plan.Planner;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Runs the `check`s that a plan wants answered.
@FunctionalInterface
public interface Checks {
    /// Runs none and believes the records: as if every check held.
    Checks BELIEVED =
            (_, wanted) -> {
                Map<NodeKey, PlanRequest.CheckAnswer> answers = new HashMap<>();
                wanted.forEach(
                        check -> answers.put(check.result().key(), PlanRequest.CheckAnswer.HOLDS));
                return answers;
            };

    /// Answers by node; a check that gave none is not there.
    Map<NodeKey, PlanRequest.CheckAnswer> answers(String cluster, Collection<Planner.Check> wanted);
}
