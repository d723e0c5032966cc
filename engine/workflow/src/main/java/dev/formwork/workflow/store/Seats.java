package dev.formwork.workflow.store;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.shard.Shard;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/// Which engine has which [Shard]: the engines that share a store, and the seats that they hold in
/// it. An engine writes about the shards that it holds, and only about those. Thread-safe.
///
/// What changes seats is stored in the order of calls with all other commits of the store: when
/// [#release] is stored, everything that was committed before is. Futures fail with `store.*` as
/// those of [Store#commit] do; `store.fenced` says that others took this engine for dead and have
/// freed its seats.
public interface Seats {
    /// Whether other engines can take part at all.
    boolean areShared();

    /// Tells the others where this engine is, and which machine is its own: from then on it may
    /// take seats. Makes the shard of its own machine known.
    CompletableFuture<Void> announce(EngineAddress address, MachineId ownMachine);

    /// What is so now, read from the store.
    View view();

    /// Declares dead the engines whose leases are over, which frees their seats, and takes of the
    /// seats that are free those in `wanted`, with all that open runs tie to them: the shards of
    /// one run ([dev.formwork.workflow.run.RunRecord#shards]) are always one engine's, and so is an
    /// engine's own machine on which a run has a job that is not closed. A seat that another living
    /// engine asked for is left to it, as is the one of another living engine's own machine; where
    /// seats that are tied are left to several, the first of them decides, and those of engines'
    /// own machines are first. Those that another transaction is just taking are passed over (`skip
    /// locked`).
    ///
    /// @return what was taken
    CompletableFuture<SortedSet<Shard>> take(Set<Shard> wanted);

    /// Frees seats. Those that are not this engine's are passed over.
    CompletableFuture<Void> release(Set<Shard> shards);

    /// Asks whoever holds these to release them to this engine.
    CompletableFuture<Void> ask(Set<Shard> shards);

    /// An engine that takes part.
    ///
    /// @param name of this start of it: another one after a restart
    /// @param holder in words: its process and host
    /// @param address where it is, once it was announced
    /// @param ownMachine the machine of its own agent
    /// @param living its lease is not over, by the store's clock
    record Engine(
            String name,
            String holder,
            Optional<EngineAddress> address,
            Optional<MachineId> ownMachine,
            boolean living) {}

    /// A shard's seat.
    ///
    /// @param owner the name of the engine that has it
    /// @param askedBy the name of a living engine that wants it
    record Seat(Optional<String> owner, Optional<String> askedBy) {}

    /// @param self the name of this engine
    /// @param engines by name, this one included
    record View(String self, Map<String, Engine> engines, Map<Shard, Seat> seats) {}
}
