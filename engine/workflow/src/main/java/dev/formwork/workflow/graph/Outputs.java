package dev.formwork.workflow.graph;

import dev.formwork.model.value.Value;

/// What can be said of a node's outputs at some moment of planning or running.
public sealed interface Outputs {
    record Known(Value.Struct values) implements Outputs {}

    /// The step was skipped: each output reads as null.
    record Skipped() implements Outputs {}

    /// The step failed or was cancelled: left out of a list that is read `partial`.
    record Missing() implements Outputs {}

    record Unknown() implements Outputs {}
}
