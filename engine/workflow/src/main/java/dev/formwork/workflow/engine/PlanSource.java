package dev.formwork.workflow.engine;

/// Finds the compiled form of plans that are stored. Asked while the core is loaded, never inside a
/// step.
@FunctionalInterface
public interface PlanSource {
    /// @throws dev.formwork.model.ProblemException `plan.unknown`, or whatever keeps the plan from
    ///   being compiled again
    CompiledPlan compiled(String planDigest);
}
