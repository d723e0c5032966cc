package dev.formwork.server.shard;

import dev.formwork.workflow.shard.Shard;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Which engine has which shard, as far as is known here. Thread-safe.
public final class Whereabouts {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Set<Shard> here = Set.of();
    private Map<Shard, URI> elsewhere = Map.of();
    private List<URI> engines = List.of();

    /// How often it was looked at.
    private long looks;

    /// Where a shard is.
    public sealed interface Place {
        /// This engine's core has it.
        record Here() implements Place {}

        record Elsewhere(URI engine) implements Place {}

        /// On its way from one engine to another, or its engine has died.
        record Nowhere() implements Place {}
    }

    /// @param here what this engine's core has
    /// @param elsewhere what other living engines have, and where they are
    /// @param engines all living ones, this one first
    void update(Set<Shard> here, Map<Shard, URI> elsewhere, List<URI> engines) {
        lock.lock();
        try {
            this.here = Set.copyOf(here);
            this.elsewhere = Map.copyOf(elsewhere);
            this.engines = List.copyOf(engines);
            looks++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The core has no more than these.
    void leave(Set<Shard> left) {
        lock.lock();
        try {
            here = Set.copyOf(left);
        } finally {
            lock.unlock();
        }
    }

    public Place of(Shard shard) {
        lock.lock();
        try {
            if (here.contains(shard)) {
                return new Place.Here();
            }
            return Optional.ofNullable(elsewhere.get(shard))
                    .<Place>map(Place.Elsewhere::new)
                    .orElseGet(Place.Nowhere::new);
        } finally {
            lock.unlock();
        }
    }

    public boolean areHere(Set<Shard> shards) {
        lock.lock();
        try {
            return here.containsAll(shards);
        } finally {
            lock.unlock();
        }
    }

    /// Where the living engines are.
    public List<URI> engines() {
        lock.lock();
        try {
            return engines;
        } finally {
            lock.unlock();
        }
    }

    /// How many shards each living engine has, this one first.
    public Map<URI, Integer> shares() {
        lock.lock();
        try {
            Map<URI, Integer> shares = new LinkedHashMap<>();
            for (URI engine : engines) {
                shares.put(
                        engine,
                        shares.isEmpty()
                                ? here.size()
                                : Collections.frequency(elsewhere.values(), engine));
            }
            return shares;
        } finally {
            lock.unlock();
        }
    }

    /// The same for agents; empty where there is one alone.
    public List<URI> addresses() {
        List<URI> all = engines();
        return all.size() < 2 ? List.of() : all;
    }

    /// Waits until something has changed, or was looked at again; not longer than `patience`.
    void awaitNews(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long before = looks;
            long left = patience.toNanos();
            while (looks == before && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
