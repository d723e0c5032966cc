package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.pool.Pool;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The pools that are declared, each with the machines that it has made. Who gets which machine is
/// decided by [PoolLine]; what becomes of one that comes back, by [PoolCleaning]; for whom free
/// ones are kept, by [Reservations].
final class Pools {
    private final EngineState engine;
    private final Map<String, Pool> pools = new TreeMap<>();

    Pools(EngineState engine) {
        this.engine = engine;
    }

    /// A pool as it is stored.
    void admit(Pool pool) {
        pools.put(pool.name(), pool);
        engine.poolLine.look();
        engine.poolKeeping.look();
    }

    Optional<Pool> find(String name) {
        return Optional.ofNullable(pools.get(name));
    }

    Collection<String> names() {
        return pools.keySet();
    }

    void put(Batch batch, Pool pool) {
        admit(pool);
        batch.pool(pool);
    }

    void drop(Batch batch, Pool pool) {
        pools.remove(pool.name());
        batch.poolDropped(pool.name());
    }

    /// A machine's record is dropped.
    void dropped(Batch batch, Machine machine) {
        machine.pooled()
                .filter(Pooled::made)
                .flatMap(part -> find(part.pool()))
                .filter(pool -> pool.made().contains(machine.id()))
                .ifPresent(pool -> put(batch, pool.without(machine.id())));
    }

    /// What one that the pool has made is called while it is in no cluster.
    String ownName(Pool pool, MachineId id) {
        String text = id.value();
        return engine.fleet.unused(
                pool.name() + "-" + text.substring(Math.max(0, text.length() - 6)));
    }

    /// What the provider of a machine is asked for that a pool has made.
    Value.Struct instance(Pooled part) {
        return find(part.pool())
                .flatMap(pool -> pool.spec().make())
                .map(PoolSpec.Make::machine)
                .orElse(Value.Struct.EMPTY);
    }
}
