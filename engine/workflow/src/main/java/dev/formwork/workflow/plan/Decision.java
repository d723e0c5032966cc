package dev.formwork.workflow.plan;

/// What a plan says of a node.
public enum Decision {
    WILL_RUN,
    /// Something before it runs and may or may not change what it gets, or a check gave no answer.
    MAY_RUN,
    UNCHANGED,
    /// Its `when` is false.
    SKIPPED
}
