package dev.formwork.workflow.graph;

import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;

import java.time.Duration;
import java.util.Optional;

/// What a STEP node needs to be decided on and carried out.
public interface StepWork {
    NodeKey key();

    LoadedModule module();

    default Task task() {
        return (Task) module().module();
    }

    /// An iteration over who joins or leaves ([dev.formwork.workflow.graph.StepResult#event]).
    boolean event();

    Optional<Step.Retry> retry();

    Optional<Until> until();

    /// Whether it runs only after a failure. Then it runs anew each time.
    default boolean handles() {
        return false;
    }

    /// The path of the workflow, empty for the outermost, that is undone when this has failed.
    default Optional<String> undoes() {
        return Optional.empty();
    }

    /// Whether a run does not fail since this has failed.
    default boolean tolerated() {
        return false;
    }

    /// Of one attempt.
    Duration timeout();

    /// Whether it is to run at all. False also past the end of a `for_each` list that was not known
    /// when the plan was made.
    ///
    /// @throws dev.formwork.model.ProblemException `expression.failed`
    Resolution<Boolean> when(World world);

    /// Whether it may run beside other jobs of its machine.
    boolean parallel();

    /// What it needs for itself while it runs.
    ///
    /// @throws dev.formwork.model.ProblemException `step.bad-mutex`, `expression.failed`
    Resolution<Optional<Mutex>> mutex(World world);

    /// Whether it has a mutex, whatever its name turns out to be.
    boolean hasMutex();

    /// The inputs, with defaults, secrets marked, each checked against its schema.
    ///
    /// @throws dev.formwork.model.ProblemException `input.invalid`, `expression.failed`
    Resolution<Value.Struct> inputs(World world);

    /// The inputs of which the value is known, while others are not. Not checked.
    Value.Struct knownInputs(World world);
}
