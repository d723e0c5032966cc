package dev.formwork.workflow.graph;

import dev.formwork.model.RunId;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.result.Fingerprint;

import java.util.SortedSet;

/// The recorded success of a step: what the next plan compares with, what dependents read, and what
/// undo needs.
///
/// @param incarnation of the machine it ran on; on another incarnation it counts no more
/// @param inputs as they were given, secrets included (stored encrypted)
/// @param outputs as they were reported, secrets included (stored encrypted)
/// @param after the steps it came after when it ran: undo goes the other way
/// @param event an iteration over who joins or leaves: it happened once, is not undone, and is not
///   missed once the members stand
/// @param tainted a person asked for it to run again
public record StepResult(
        String cluster,
        NodeKey key,
        String incarnation,
        Fingerprint fingerprint,
        LoadedModule.Lock module,
        Value.Struct inputs,
        Value.Struct outputs,
        SortedSet<NodeKey> after,
        boolean event,
        boolean tainted,
        RunId run) {
    public StepResult {
        after = SortedKeys.copyOf(after);
    }

    /// The same, with those parts taken from another that are equal: over many machines most
    /// results of a step have the same inputs, and often the same outputs.
    public StepResult sharing(StepResult other) {
        return new StepResult(
                cluster,
                key,
                incarnation,
                fingerprint.equals(other.fingerprint) ? other.fingerprint : fingerprint,
                module.equals(other.module) ? other.module : module,
                inputs.equals(other.inputs) ? other.inputs : inputs,
                outputs.equals(other.outputs) ? other.outputs : outputs,
                after,
                event,
                tainted,
                run);
    }

    public StepResult withTaint() {
        return with(incarnation, true);
    }

    /// The same on a machine that is a new one by now.
    public StepResult onIncarnation(String next) {
        return with(next, tainted);
    }

    private StepResult with(String nextIncarnation, boolean nextTainted) {
        return new StepResult(
                cluster,
                key,
                nextIncarnation,
                fingerprint,
                module,
                inputs,
                outputs,
                after,
                event,
                nextTainted,
                run);
    }
}
