package dev.formwork.server.shard;

import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.EngineAddress;

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
import java.util.stream.Stream;

/// Which engine has which shard, as far as is known here. Thread-safe.
public final class Whereabouts {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Set<Shard> here = Set.of();
    private Map<Shard, EngineAddress> elsewhere = Map.of();
    private List<EngineAddress> engines = List.of();

    /// How often it was looked at.
    private long looks;

    /// Where a shard is.
    public sealed interface Place {
        /// This engine's core has it.
        record Here() implements Place {}

        record Elsewhere(EngineAddress engine) implements Place {}

        /// On its way from one engine to another, or its engine has died.
        record Nowhere() implements Place {}
    }

    /// @param here what this engine's core has
    /// @param elsewhere what other living engines have, and where they are
    /// @param engines all living ones, this one first
    void update(Set<Shard> here, Map<Shard, EngineAddress> elsewhere, List<EngineAddress> engines) {
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

    /// What this engine's core has.
    Set<Shard> here() {
        lock.lock();
        try {
            return here;
        } finally {
            lock.unlock();
        }
    }

    /// Whether each shard is somebody's: none is on its way.
    boolean isWhole() {
        return Shard.all().stream().noneMatch(shard -> of(shard) instanceof Place.Nowhere);
    }

    /// Where the living engines are.
    public List<EngineAddress> engines() {
        lock.lock();
        try {
            return engines;
        } finally {
            lock.unlock();
        }
    }

    /// How many shards each living engine has, this one first.
    public Map<EngineAddress, Integer> shares() {
        lock.lock();
        try {
            Map<EngineAddress, Integer> shares = new LinkedHashMap<>();
            for (EngineAddress engine : engines) {
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

    /// Where an agent reaches them; empty where there is one alone. An agent of this host reaches
    /// this engine by its loopback; others are perhaps on another host. One that calls by TLS gets
    /// no address without.
    ///
    /// @param byTls whether the agent calls by TLS
    public List<URI> addresses(boolean byTls) {
        List<EngineAddress> all = engines();
        if (all.size() < 2) {
            return List.of();
        }
        if (byTls) {
            return all.stream().map(EngineAddress::secure).flatMap(Optional::stream).toList();
        }
        return Stream.concat(
                        Stream.of(all.getFirst().local()),
                        all.stream().skip(1).map(EngineAddress::forOthers))
                .toList();
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
