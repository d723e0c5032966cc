package dev.formwork.workflow.machine;

import dev.formwork.model.value.Value;

import java.util.List;

/// What people set for one machine: the topmost layers of its parameters.
///
/// @param values by name of the workflow's input that they stand for
/// @param profiles names, later ones over earlier ones, all below `values`
public record MachineParams(Value.Struct values, List<String> profiles) {
    public static final MachineParams NONE = new MachineParams(Value.Struct.EMPTY, List.of());

    public MachineParams {
        profiles = List.copyOf(profiles);
    }
}
