package dev.formwork.workflow.engine;

import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Failure;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineView;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/// What expressions of a run see: the outputs of nodes that have ended, and machines as they are
/// now.
final class RunWorld implements World {
    private final RunGraph graph;
    private final RunResults results;
    private final RunMembers members;

    /// Of members that were removed in the course of the run.
    private final Map<String, Value.Struct> removed = new HashMap<>();

    RunWorld(RunGraph graph, RunResults results, RunMembers members) {
        this.graph = graph;
        this.results = results;
        this.members = members;
    }

    @Override
    public Outputs outputs(NodeKey step) {
        OptionalInt node = graph.number(step);
        NodeState state = node.isPresent() ? graph.state(node.getAsInt()) : NodeState.UNCHANGED;
        return switch (state) {
            case SUCCEEDED, UNCHANGED ->
                    results.find(step)
                            .map(StepResult::outputs)
                            .<Outputs>map(Outputs.Known::new)
                            .orElseGet(
                                    node.isPresent()
                                            ? () -> new Outputs.Known(Value.Struct.EMPTY)
                                            : Outputs.Unknown::new);
            case SKIPPED -> new Outputs.Skipped();
            case FAILED, CANCELLED -> new Outputs.Missing();
            case BLOCKED ->
                    graph.isLost(node.getAsInt()) ? new Outputs.Missing() : new Outputs.Unknown();
            case READY, WAITING, RUNNING -> new Outputs.Unknown();
        };
    }

    @Override
    public Resolution<Optional<Failure>> failure(NodeKey step) {
        OptionalInt number = graph.number(step);
        if (number.isEmpty() || graph.state(number.getAsInt()).endedWell()) {
            return new Resolution.Known<>(Optional.empty());
        }
        NodeRecord node = graph.record(number.getAsInt());
        return switch (node.state()) {
            case FAILED ->
                    new Resolution.Known<>(
                            Optional.of(
                                    new Failure(
                                            step.path(),
                                            step.machine().orElse(""),
                                            node.code().orElse(""),
                                            node.reason())));
            default ->
                    graph.isLost(number.getAsInt())
                            ? new Resolution.Known<>(Optional.empty())
                            : new Resolution.Unknown<>(new TreeSet<>(List.of(step)));
        };
    }

    @Override
    public Optional<Value.Struct> live(String machine) {
        return members.wantedHost(machine)
                .map(host -> host.machine)
                .filter(MachineView::isUp)
                .map(MachineView::of);
    }

    @Override
    public Optional<Value.Struct> lastKnown(String machine) {
        return members.leavingHost(machine)
                .map(host -> MachineView.of(host.machine))
                .or(() -> Optional.ofNullable(removed.get(machine)));
    }

    void removed(Machine machine) {
        removed.put(machine.name(), MachineView.of(machine));
    }
}
