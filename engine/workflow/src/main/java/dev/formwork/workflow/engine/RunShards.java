package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.shard.Shard;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// The shards in which a run works.
public final class RunShards {
    private RunShards() {}

    /// Those of its cluster and of its machines; and, where one of its steps has a mutex, the one
    /// of all mutexes: their names are known only as the run goes on. Where it takes from a pool or
    /// gives back to one, that of all pools: who gets which machine is decided in one place.
    ///
    /// @param machine finds a machine by its name; one that is not there yet will be in the cluster
    public static SortedSet<Shard> of(
            CompiledPlan plan, Function<String, Optional<Machine>> machine) {
        TreeSet<Shard> shards = new TreeSet<>();
        shards.add(Shard.ofCluster(plan.plan().cluster()));
        Set<String> seen = new HashSet<>();
        for (PlannedNode node : plan.plan().nodes()) {
            node.key()
                    .machine()
                    .filter(name -> !name.equals(NodeKey.ENGINE))
                    .filter(seen::add)
                    .flatMap(machine)
                    .ifPresent(known -> shards.add(Shard.of(known)));
            if (node.action() == Action.ALLOCATE || node.action() == Action.RELEASE) {
                shards.add(Shard.POOL);
            }
            if (node.action() == Action.STEP
                    && !shards.contains(Shard.MUTEXES)
                    && plan.work(node.key()).hasMutex()) {
                shards.add(Shard.MUTEXES);
            }
        }
        return shards;
    }
}
