package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Effect;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.plan.PlannedNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The results recorded for the cluster of an open run.
final class RunResults {
    private final RunId run;
    private final String cluster;
    private final Map<NodeKey, StepResult> byKey = new HashMap<>();
    private final Map<String, List<NodeKey>> byMachine = new HashMap<>();

    /// The last result of each step, to share its parts with the next.
    private final Map<String, StepResult> byPath = new HashMap<>();

    /// What this run has made of machines that it erased: their present incarnations by the ones
    /// they were planned in.
    private final Map<String, String> erased = new HashMap<>();

    /// Results that the run found and has replaced, as far as this core knows.
    private final Set<NodeKey> replaced = new HashSet<>();

    RunResults(RunId run, String cluster, Collection<StepResult> recorded) {
        this.run = run;
        this.cluster = cluster;
        recorded.stream().sorted((a, b) -> a.key().compareTo(b.key())).forEach(this::add);
    }

    /// Takes up what the run has erased before the engine went down.
    void recover(Iterable<PlannedNode> nodes) {
        for (PlannedNode node : nodes) {
            if (node.action() == Action.STEP && node.effects().contains(Effect.ERASE)) {
                StepResult result = byKey.get(node.key());
                if (result != null && result.run().equals(run)) {
                    node.incarnation()
                            .ifPresent(planned -> erased.put(planned, result.incarnation()));
                }
            }
        }
    }

    /// The incarnation that a node's machine has to have: the planned one, or what the erasures of
    /// this very run have made of it.
    Optional<String> incarnation(PlannedNode node) {
        return node.incarnation().map(planned -> erased.getOrDefault(planned, planned));
    }

    /// The run itself has erased a machine: so the plan holds for what it is now, and what came
    /// before the erasure by the plan's own order belongs to it and counts on.
    ///
    /// @param before the steps on that machine that the plan puts before the one that erased it
    void erased(Batch batch, PlannedNode by, String from, String to, Collection<NodeKey> before) {
        by.incarnation().ifPresent(planned -> erased.put(planned, to));
        for (NodeKey key : before) {
            StepResult result = byKey.get(key);
            if (result != null && result.incarnation().equals(from)) {
                put(batch, result.onIncarnation(to));
            }
        }
    }

    Optional<StepResult> find(NodeKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    void put(Batch batch, StepResult result) {
        StepResult before = byKey.get(result.key());
        if (before != null) {
            replace(batch, before);
        }
        add(result);
        batch.result(result);
    }

    void drop(Batch batch, NodeKey key) {
        StepResult dropped = byKey.remove(key);
        if (dropped != null) {
            key.machine().map(byMachine::get).ifPresent(keys -> keys.remove(key));
            replace(batch, dropped);
            batch.resultDropped(cluster, key);
        }
    }

    /// What the run found when it began is kept for [Replay].
    private void replace(Batch batch, StepResult before) {
        if (!before.run().equals(run) && replaced.add(before.key())) {
            batch.replaced(run, before);
        }
    }

    /// Drops what was recorded on a machine, but not what its replacement has under its name.
    void dropOf(Batch batch, MachineId machine, String name) {
        String incarnations = machine.value() + ".";
        for (NodeKey key : List.copyOf(byMachine.getOrDefault(name, List.of()))) {
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
        StepResult like = byPath.get(result.key().path());
        StepResult shared = like == null ? result : result.sharing(like);
        byPath.put(result.key().path(), shared);
        if (byKey.put(result.key(), shared) == null) {
            result.key()
                    .machine()
                    .ifPresent(machine ->
                            byMachine
                                    .computeIfAbsent(machine, _ -> new ArrayList<>())
                                    .add(result.key()));
        }
    }
}
