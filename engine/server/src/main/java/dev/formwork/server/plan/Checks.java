package dev.formwork.server.plan;

import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.PlanRequest;
import dev.formwork.workflow.plan.Planner;

import java.util.Collection;
import java.util.Map;

/// Runs the `check`s that a plan wants answered.
@FunctionalInterface
public interface Checks {
    /// Answers by node; a check that gave none is not there.
    Map<NodeKey, PlanRequest.CheckAnswer> answers(String cluster, Collection<Planner.Check> wanted);
}
