package dev.formwork.server.pool;

import dev.formwork.model.module.Expression;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.workflow.engine.PoolWait;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.pool.Standing;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `Pool` of the API.
///
/// @param counts machines by how they stand
record PoolView(
        String name,
        Optional<String> where,
        Optional<String> provider,
        Optional<Integer> most,
        Optional<Integer> keep,
        int made,
        String clean,
        SortedMap<String, Integer> counts,
        List<MachineOfPool> machines,
        List<Wait> waiting) {

    /// @param name its own
    /// @param member the name that it bears while a cluster has it
    record MachineOfPool(
            String name,
            String id,
            String state,
            String reason,
            boolean off,
            Optional<String> cluster,
            Optional<String> member,
            Optional<String> reservedFor,
            Optional<Instant> reservedUntil) {
        static MachineOfPool of(Machine machine, Instant now) {
            Standing standing = Standing.of(machine, now);
            Optional<Pooled.Reservation> reserved =
                    machine.pooled().flatMap(Pooled::reserved).filter(it -> !it.isOver(now));
            return new MachineOfPool(
                    machine.pooled().map(Pooled::name).orElse(machine.name()),
                    machine.id().value(),
                    standing.state().word(),
                    standing.reason(),
                    machine.pooled().filter(Pooled::off).isPresent(),
                    machine.placement().map(Machine.Placement::cluster),
                    machine.placement().map(_ -> machine.name()),
                    reserved.map(Pooled.Reservation::cluster),
                    reserved.flatMap(Pooled.Reservation::until));
        }
    }

    record Wait(String run, String cluster, String member, int priority, Instant since) {
        static Wait of(PoolWait wait) {
            return new Wait(
                    wait.run().value(),
                    wait.cluster(),
                    wait.member(),
                    wait.priority(),
                    wait.since());
        }
    }

    static PoolView of(Pool pool, Collection<Machine> machines, List<PoolWait> waits, Instant now) {
        List<MachineOfPool> own =
                machines.stream()
                        .filter(pool::has)
                        .map(machine -> MachineOfPool.of(machine, now))
                        .sorted(Comparator.comparing(MachineOfPool::name))
                        .toList();
        TreeMap<String, Integer> counts = new TreeMap<>();
        own.forEach(machine -> counts.merge(machine.state(), 1, Integer::sum));
        Optional<PoolSpec.Make> make = pool.spec().make();
        return new PoolView(
                pool.name(),
                pool.spec().where().map(Expression::source),
                make.map(PoolSpec.Make::provider),
                make.map(PoolSpec.Make::most),
                make.map(PoolSpec.Make::keep),
                pool.made().size(),
                pool.spec().clean().words(),
                counts,
                own,
                waits.stream().map(Wait::of).toList());
    }
}
