package dev.formwork.workflow.engine;

import dev.formwork.model.Problem;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;

import java.util.List;

/// Holds the outputs that an agent reported against the task's schemas. Outputs are hostile data.
@FunctionalInterface
public interface OutputCheck {
    /// All that is wrong: a declared output that is missing or does not fit, one that is not
    /// declared. Empty where nothing is. Details hold no value of a secret output.
    List<Problem> problems(Task task, Value.Struct outputs);
}
