package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.run.RunRecord;

import java.util.Optional;

/// Something to do outside the core once the transition that asks for it is durable. May be asked
/// for again after a crash ([EngineCore#recover]), and while an earlier one is still being done.
public sealed interface Effect {
    /// Ask a provider for an instance. Idempotent under the machine's id: where it exists already,
    /// that is the answer. Answered by [Input.InstanceCreated] or [Input.InstanceFailed].
    ///
    /// @param bootToken in plain; the same in every repetition; never stored or logged
    record CreateInstance(
            MachineId machine, String name, String provider, Value.Struct spec, String bootToken)
            implements Effect {
        @Override
        public String toString() {
            return "CreateInstance[" + machine + ", " + name + ", " + provider + "]";
        }
    }

    /// Answered by [Input.InstanceRemoved], also where there is none, or [Input.InstanceFailed].
    ///
    /// @param reference empty where the request for it was never answered: the provider looks for
    ///   one that carries the machine's id
    record RemoveInstance(MachineId machine, String provider, Optional<String> reference)
            implements Effect {}

    /// Switches a machine on or off. Answered by [Input.InstanceSwitched], also where it is so
    /// already, or [Input.InstanceFailed].
    record SwitchPower(MachineId machine, String provider, Optional<String> reference, boolean on)
            implements Effect {}

    /// Have a module run on a machine that came back to its pool. Answered by
    /// [Input.StartCleaning], or [Input.InstanceFailed].
    ///
    /// @param name its own
    record CleanMachine(MachineId machine, String name, String pool, String module)
            implements Effect {}

    /// The machine's agent has not called for longer than its lease: start it again, if the
    /// provider can. Repeated once per lease while it does not call. Needs no answer.
    ///
    /// @param provider empty for the engine's own agent
    record RestartAgent(MachineId machine, Optional<String> provider, Optional<String> reference)
            implements Effect {}

    /// There is something for the machine's agent: answer the poll that it waits in, if it does, by
    /// way of [Input.Repoll].
    record WakeAgent(MachineId machine) implements Effect {}

    record RunEnded(RunId run, String cluster, RunRecord.State state) implements Effect {}
}
