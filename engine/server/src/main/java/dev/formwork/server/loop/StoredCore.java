package dev.formwork.server.loop;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.engine.EngineParts;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.PoolWait;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Transition;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The core of the shards that this engine has, loaded from the store as they come and go. Used by
/// the core's thread; [#shards] by any.
public final class StoredCore implements SteppedCore {
    private final Store store;
    private final EngineParts parts;
    private final MachineId ownMachine;
    private EngineCore core;
    private volatile SortedSet<Shard> shards = Collections.emptySortedSet();

    /// @param ownMachine the machine of this engine's own agent
    public StoredCore(Store store, EngineParts parts, MachineId ownMachine) {
        this.store = store;
        this.parts = parts;
        this.ownMachine = ownMachine;
        this.core = EngineCore.without(parts, ownMachine);
    }

    /// Those that the core knows and decides about.
    public SortedSet<Shard> shards() {
        return shards;
    }

    /// Takes on shards that this engine has now. Call it when all transitions before it are
    /// durable.
    public Transition adopt(Set<Shard> more, Instant now) {
        TreeSet<Shard> all = new TreeSet<>(shards);
        all.addAll(more);
        Transition transition = loaded(more, now);
        shards = Collections.unmodifiableSortedSet(all);
        return transition;
    }

    /// Gives up shards, and whatever open runs tie to them; none where this engine's own machine is
    /// tied to them. [#shards] tells which are left. Call it when all transitions before it are
    /// durable.
    public Transition leave(Set<Shard> unwanted, Instant now) {
        TreeSet<Shard> gone = new TreeSet<>(unwanted);
        gone.retainAll(shards);
        List<SortedSet<Shard>> ties = core.ties();
        while (ties.stream()
                .filter(tie -> !Collections.disjoint(tie, gone))
                .map(gone::addAll)
                .reduce(false, Boolean::logicalOr)) {
            // What came in may be tied to more.
        }
        gone.retainAll(shards);
        if (gone.isEmpty() || gone.contains(Shard.ofEngine(ownMachine))) {
            return new Transition(List.of(), List.of(), new Reply.Done());
        }
        TreeSet<Shard> rest = new TreeSet<>(shards);
        rest.removeAll(gone);
        shards = Collections.unmodifiableSortedSet(rest);
        core = EngineCore.without(parts, ownMachine);
        return loaded(rest, now);
    }

    /// A core that knows half of a shard is worth nothing: where that happens the loop ends.
    private Transition loaded(Set<Shard> more, Instant now) {
        try {
            return core.adopt(store, more, now);
        } catch (ProblemException e) {
            throw new IllegalStateException("cannot load " + more, e);
        }
    }

    @Override
    public Transition recover(Instant now) {
        return new Transition(List.of(), List.of(), new Reply.Done());
    }

    @Override
    public Transition step(Input input, Instant now) {
        return core.step(input, now);
    }

    @Override
    public Optional<Instant> nextWake() {
        return core.nextWake();
    }

    @Override
    public Optional<Instant> lastCall(MachineId machine) {
        return core.lastCall(machine);
    }

    @Override
    public List<Cause> explain(RunId run, NodeKey node) {
        return core.explain(run, node);
    }

    @Override
    public List<PoolWait> poolWaits(String pool) {
        return core.poolWaits(pool);
    }
}
