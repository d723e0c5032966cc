package dev.formwork.server.shard;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.loop.StoredCore;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Seats;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Looks at the seats a few times a second, takes those that are this engine's share, gives up
/// those that others ask for, and has the core know the shards that it has: no fewer for longer
/// than a moment, and never more. One thread; thread-safe.
public final class ShardKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardKeeper.class);
    private static final String BUSY = "engine.shards-busy";
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofMillis(250);

    /// How long somebody waits for shards that another engine has.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Store store;
    private final EngineLoop loop;
    private final StoredCore core;
    private final Whereabouts whereabouts;
    private final MachineId ownMachine;
    private final Listener listener;
    private final SeatPolicy policy;

    /// What is waited for, each with how many wait.
    private final Map<Shard, Integer> needed = new ConcurrentHashMap<>();

    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private long lastEvent;

    /// Told by the keeper's thread, which it must not hold up.
    public interface Listener {
        /// The core has these from now on, and what is in them is durably as it found it.
        void shardsTaken(Set<Shard> taken);

        /// The core has given up shards, and others have not taken them yet.
        void shardsLeft();

        /// There are events that may be another engine's.
        void othersCommitted();
    }

    public ShardKeeper(
            Store store,
            EngineLoop loop,
            StoredCore core,
            Whereabouts whereabouts,
            MachineId ownMachine,
            Listener listener) {
        this.store = store;
        this.loop = loop;
        this.core = core;
        this.whereabouts = whereabouts;
        this.ownMachine = ownMachine;
        this.listener = listener;
        this.policy = new SeatPolicy(Shard.ofEngine(ownMachine), new Random());
        this.thread = Thread.ofVirtual().name("shards").unstarted(this::keep);
    }

    /// Takes part, and returns when this engine can answer requests: every shard is somebody's.
    ///
    /// @param address where this engine is
    public void start(EngineAddress address) {
        EngineLoop.join(store.seats().announce(address, ownMachine));
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!look()
                    && System.nanoTime() < end
                    && !closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                // Others may be about to give up what this one asks for.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (store.seats().areShared()) {
            thread.start();
        }
    }

    /// Has the core take an input for which it must have certain shards, and gets them from other
    /// engines first, where it has not.
    ///
    /// @param shards read from the store each time they are asked for
    /// @param input as of [EngineLoop#submitSettled]
    /// @throws ProblemException `engine.shards-busy`, and what `input` throws
    public Reply submit(Supplier<? extends Set<Shard>> shards, Supplier<? extends Input> input) {
        if (!store.seats().areShared()) {
            return EngineLoop.join(loop.submitSettled(input));
        }
        for (int attempt = 1; ; attempt++) {
            try {
                gather(shards.get());
                return EngineLoop.join(
                        loop.submitSettled(() -> {
                            requireHere(shards.get());
                            return input.get();
                        }));
            } catch (ProblemException e) {
                if (!e.problems().getFirst().code().equals(BUSY) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /// Waits until this engine has all of these shards.
    private void gather(Set<Shard> shards) {
        if (whereabouts.areHere(shards)) {
            return;
        }
        shards.forEach(shard -> needed.merge(shard, 1, Integer::sum));
        wake.release();
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!whereabouts.areHere(shards)) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw busy(shards);
                }
                whereabouts.awaitNews(Duration.ofNanos(Math.min(left, PAUSE.toNanos())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy(shards);
        } finally {
            shards.forEach(shard ->
                    needed.computeIfPresent(shard, (_, count) -> count == 1 ? null : count - 1));
        }
    }

    /// On the core's thread: what is here stays here for the next transition.
    private void requireHere(Set<Shard> shards) {
        if (!core.shards().containsAll(shards)) {
            throw busy(shards);
        }
    }

    private static ProblemException busy(Set<Shard> shards) {
        return ProblemException.of(
                BUSY,
                "other engines work on what is needed here (shards " + shards + ")",
                "ask again in a moment");
    }

    private void keep() {
        try {
            while (closed.getCount() > 0) {
                look();
                boolean _ = wake.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    /// @return whether every shard is a living engine's, and those that are this one's are here
    private boolean look() {
        try {
            Seats.View view = store.seats().view();
            SeatPolicy.Wish wish = policy.wish(view, Set.copyOf(needed.keySet()), this::tied);
            if (!wish.ask().isEmpty()) {
                EngineLoop.join(store.seats().ask(wish.ask()));
            }
            if (!wish.release().isEmpty()) {
                release(wish.release());
            }
            TreeSet<Shard> ours = new TreeSet<>();
            view.seats()
                    .forEach((shard, seat) -> {
                        if (seat.owner().equals(Optional.of(view.self()))) {
                            ours.add(shard);
                        }
                    });
            ours.removeAll(wish.release());
            if (!wish.take().isEmpty()) {
                ours.addAll(EngineLoop.join(store.seats().take(wish.take())));
            }
            adopt(ours);
            tell(view);
            ringForOthers();
            return core.shards().contains(policy.own()) && allAreSomebodys(view);
        } catch (ProblemException e) {
            LOG.warn("cannot look after the shards: {}", e.getMessage());
            return false;
        } catch (RuntimeException e) {
            // An engine that no longer looks would keep what it has for ever.
            LOG.error("cannot look after the shards", e);
            return false;
        }
    }

    private Set<Shard> tied() {
        return store.openRuns().stream()
                .map(RunRecord::shards)
                .filter(shards -> shards.size() > 1)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }

    private boolean allAreSomebodys(Seats.View view) {
        return Shard.all().stream()
                .allMatch(shard ->
                        core.shards().contains(shard)
                                || Optional.ofNullable(view.seats().get(shard))
                                        .flatMap(seat -> SeatPolicy.livingOwner(view, seat))
                                        .isPresent());
    }

    private void adopt(Set<Shard> ours) {
        TreeSet<Shard> more = new TreeSet<>(ours);
        more.removeAll(core.shards());
        if (!more.isEmpty()) {
            EngineLoop.join(loop.settle(now -> core.adopt(more, now)));
            listener.shardsTaken(more);
            if (store.seats().areShared()) {
                LOG.info("has {} shards, {} of them new", core.shards().size(), more.size());
            }
        }
    }

    private void release(Set<Shard> unwanted) {
        TreeSet<Shard> before = new TreeSet<>(core.shards());
        EngineLoop.join(loop.settle(now -> core.leave(unwanted, now)));
        TreeSet<Shard> gone = new TreeSet<>(before);
        gone.removeAll(core.shards());
        if (!gone.isEmpty()) {
            whereabouts.leave(core.shards());
            listener.shardsLeft();
            EngineLoop.join(store.seats().release(gone));
            LOG.info("gave up {} shards for other engines", gone.size());
        }
    }

    private void tell(Seats.View view) {
        Map<Shard, EngineAddress> elsewhere = new HashMap<>();
        view.seats()
                .forEach((shard, seat) ->
                        SeatPolicy.livingOwner(view, seat)
                                .filter(owner -> !isSelf(view, owner))
                                .flatMap(Seats.Engine::address)
                                .ifPresent(address -> elsewhere.put(shard, address)));
        List<EngineAddress> engines = new ArrayList<>();
        view.engines().values().stream()
                .filter(Seats.Engine::living)
                .sorted((a, b) -> Boolean.compare(isSelf(view, b), isSelf(view, a)))
                .forEach(engine -> engine.address().ifPresent(engines::add));
        whereabouts.update(core.shards(), elsewhere, engines);
    }

    private static boolean isSelf(Seats.View view, Seats.Engine engine) {
        return engine.name().equals(view.self());
    }

    private void ringForOthers() {
        if (store.seats().areShared()) {
            long last = store.lastEvent();
            if (last > lastEvent) {
                lastEvent = last;
                listener.othersCommitted();
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        wake.release();
        try {
            if (thread.getState() != Thread.State.NEW) {
                thread.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
