package dev.formwork.model.module;

/// What is done when a step, or anything in a workflow, has failed for good. The innermost one that
/// is declared counts.
public sealed interface OnFailure {
    /// What depends on it stays blocked; what does not goes on; the run fails.
    record Stop() implements OnFailure {}

    /// As [Stop], but the run does not fail for it.
    record Continue() implements OnFailure {}

    /// What this run has done in the workflow is undone, and the run fails.
    record Undo() implements OnFailure {}

    /// As [Stop], and a step of the same workflow runs that runs in no other case.
    record Run(String step) implements OnFailure {}
}
