package dev.formwork.workflow.plan;

import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineView;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The world as a planner knows it: recorded outputs of steps that stay as they are; nothing of
/// those that will or may run.
class PlanningWorld implements World {
    private final Membership membership;
    private final Map<String, Machine> machines;
    private Map<NodeKey, Outputs> assumed = Map.of();
    private final Map<NodeKey, Outputs> decided = new HashMap<>();

    /// @param machines by id
    PlanningWorld(Membership membership, Map<String, Machine> machines) {
        this.membership = membership;
        this.machines = machines;
    }

    /// Takes outputs for known until they are decided on; replaces what was assumed before.
    void assume(Map<NodeKey, Outputs> outputs) {
        assumed = Map.copyOf(outputs);
    }

    void decide(NodeKey key, Outputs outputs) {
        decided.put(key, outputs);
    }

    @Override
    public Outputs outputs(NodeKey step) {
        Outputs known = decided.get(step);
        return known != null ? known : assumed.getOrDefault(step, new Outputs.Unknown());
    }

    @Override
    public Optional<Value.Struct> live(String machine) {
        return membership
                .wantedNamed(machine)
                .flatMap(this::record)
                .filter(MachineView::isUp)
                .map(MachineView::of);
    }

    @Override
    public Optional<Value.Struct> lastKnown(String machine) {
        return membership.named(machine).stream()
                .filter(member -> !member.wanted())
                .findFirst()
                .flatMap(this::record)
                .map(MachineView::of);
    }

    private Optional<Machine> record(Member member) {
        return member.machine().map(id -> machines.get(id.value()));
    }
}
