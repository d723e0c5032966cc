package dev.formwork.server.pool;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.machine.MachineLookup;
import dev.formwork.server.plan.PlanService;
import dev.formwork.server.shard.ShardKeeper;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.PoolWait;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Reads pools, and tells the core what people say of them: where the pools are. Thread-safe.
public final class PoolDesk {
    private final Store store;
    private final EngineLoop loop;
    private final ShardKeeper shards;
    private final PlanService plans;
    private final Clock clock;

    public PoolDesk(
            Store store, EngineLoop loop, ShardKeeper shards, PlanService plans, Clock clock) {
        this.plans = plans;
        this.store = store;
        this.loop = loop;
        this.shards = shards;
        this.clock = clock;
    }

    List<PoolView> all() {
        List<Machine> machines = store.machines();
        return store.pools().stream()
                .sorted(Comparator.comparing(Pool::name))
                .map(pool -> view(pool, machines))
                .toList();
    }

    /// @throws ProblemException `pool.unknown`
    PoolView view(String name) {
        return view(require(name), store.machines());
    }

    private PoolView view(Pool pool, List<Machine> machines) {
        List<PoolWait> waits = EngineLoop.join(loop.ask(core -> core.poolWaits(pool.name())));
        return PoolView.of(pool, machines, waits, clock.instant());
    }

    private Pool require(String name) {
        List<Pool> pools = store.pools();
        return pools.stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.of(
                                "pool.unknown",
                                "there is no pool " + Names.abbreviate(name),
                                Names.nearest(name, pools.stream().map(Pool::name).toList())
                                        .map("did you mean %s?"::formatted)
                                        .orElse("`formwork pool list` lists what there is")));
    }

    /// @throws ProblemException why not: `pool.*`
    void tell(Input.OfPool input) {
        EngineLoop.join(loop.call(input, Reply.Done.class));
    }

    /// Declares a pool, whose provider and module are there.
    ///
    /// @throws ProblemException `provider.unknown`, `module.unknown`, `run.*`
    void apply(Pool pool, String by) {
        plans.check(pool.spec());
        tell(new Input.ApplyPool(pool, by));
    }

    /// Forgets a pool, where no cluster has a machine of it, on whichever engine its runs are.
    ///
    /// @throws ProblemException why not: `pool.*`
    void drop(String name, String by) {
        Reply reply =
                shards.submit(
                        () -> Set.of(Shard.POOL),
                        () -> {
                            Pool pool = require(name);
                            return new Input.DropPool(
                                    name, store.machines().stream().anyMatch(pool::isInUse), by);
                        });
        EngineLoop.expect(reply, Reply.Done.class);
    }

    /// About a machine of a pool: it may still be where its last cluster is.
    ///
    /// @param input given the machine's name
    /// @throws ProblemException why not: `pool.*`, `machine.unknown`
    void tell(String machine, Function<String, Input.OfPool> input) {
        Machine found = new MachineLookup(store).require(machine);
        Reply reply =
                shards.submit(
                        () ->
                                store.machine(found.id())
                                        .map(it -> Set.of(Shard.POOL, Shard.of(it)))
                                        .orElse(Set.of(Shard.POOL)),
                        () -> input.apply(found.name()));
        EngineLoop.expect(reply, Reply.Done.class);
    }
}
