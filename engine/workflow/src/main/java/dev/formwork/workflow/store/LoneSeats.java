package dev.formwork.workflow.store;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.shard.Shard;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/// The seats of an engine that shares its store with no other: once announced it has whatever it
/// takes. Thread-safe.
public final class LoneSeats implements Seats {
    private static final String SELF = "the only one";

    private final TreeSet<Shard> shards = new TreeSet<>(Shard.all());
    private final TreeSet<Shard> taken = new TreeSet<>();
    private Engine self = new Engine(SELF, SELF, Optional.empty(), Optional.empty(), true);

    @Override
    public boolean areShared() {
        return false;
    }

    @Override
    public synchronized CompletableFuture<Void> announce(
            EngineAddress address, MachineId ownMachine) {
        self = new Engine(SELF, SELF, Optional.of(address), Optional.of(ownMachine), true);
        shards.add(Shard.ofEngine(ownMachine));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized View view() {
        Map<Shard, Seat> seats = new TreeMap<>();
        for (Shard shard : shards) {
            seats.put(
                    shard,
                    new Seat(
                            taken.contains(shard) ? Optional.of(SELF) : Optional.empty(),
                            Optional.empty()));
        }
        return new View(SELF, Map.of(SELF, self), seats);
    }

    @Override
    public synchronized CompletableFuture<SortedSet<Shard>> take(Set<Shard> wanted) {
        TreeSet<Shard> got = new TreeSet<>(wanted);
        got.retainAll(shards);
        got.removeAll(taken);
        taken.addAll(got);
        return CompletableFuture.completedFuture(got);
    }

    @Override
    public synchronized CompletableFuture<Void> release(Set<Shard> gone) {
        taken.removeAll(gone);
        return CompletableFuture.completedFuture(null);
    }

    /// There is nobody to ask.
    @Override
    public CompletableFuture<Void> ask(Set<Shard> wanted) {
        return CompletableFuture.completedFuture(null);
    }
}
