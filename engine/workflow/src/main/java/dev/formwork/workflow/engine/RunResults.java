package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The results recorded for the cluster of an open run.
final class RunResults {
    private final String cluster;
    private final Map<NodeKey, StepResult> byKey = new HashMap<>();
    private final Map<String, Set<NodeKey>> byMachine = new HashMap<>();

    RunResults(String cluster, Collection<StepResult> recorded) {
        this.cluster = cluster;
        recorded.stream().sorted((a, b) -> a.key().compareTo(b.key())).forEach(this::add);
    }

    Optional<StepResult> find(NodeKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    void put(Batch batch, StepResult result) {
        add(result);
        batch.result(result);
    }

    void drop(Batch batch, NodeKey key) {
        StepResult dropped = byKey.remove(key);
        if (dropped != null) {
            key.machine().map(byMachine::get).ifPresent(keys -> keys.remove(key));
            batch.resultDropped(cluster, key);
        }
    }

    /// Drops what was recorded on a machine, but not what its replacement has under its name.
    void dropOf(Batch batch, MachineId machine, String name) {
        String incarnations = machine.value() + ".";
        for (NodeKey key : List.copyOf(byMachine.getOrDefault(name, Set.of()))) {
            if (find(key).filter(it -> it.incarnation().startsWith(incarnations)).isPresent()) {
                drop(batch, key);
            }
        }
    }

    /// Who joined stands now and who left is gone: what was done for that will not be looked at
    /// again, and must not be taken for done when another joins or leaves under the same name.
    void dropEvents(Batch batch) {
        for (StepResult result : List.copyOf(byKey.values())) {
            if (result.event()) {
                drop(batch, result.key());
            }
        }
    }

    private void add(StepResult result) {
        byKey.put(result.key(), result);
        result.key()
                .machine()
                .ifPresent(machine ->
                        byMachine
                                .computeIfAbsent(machine, _ -> new LinkedHashSet<>())
                                .add(result.key()));
    }
}
