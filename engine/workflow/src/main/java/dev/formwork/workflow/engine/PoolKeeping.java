package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Machine.State;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.machine.Pooled.Phase;
import dev.formwork.workflow.pool.Pool;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Machines that a pool has made before anybody asks, as many as its operator has said. Each is one
/// of the pool's from the moment that its provider is asked, and free when its agent calls. A
/// provider that refuses is asked for the same machine again, ever more rarely, for as long as one
/// is missing.
final class PoolKeeping {
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(2);

    private final EngineState engine;

    /// One may be missing.
    private boolean due;

    PoolKeeping(EngineState engine) {
        this.engine = engine;
    }

    /// A pool is declared, or what it has made is another number.
    void look() {
        due = true;
    }

    /// A machine has changed: perhaps somebody has it now.
    void changed(Machine machine) {
        due |= machine.pooled().filter(Pooled::made).isPresent() && !isForAnybody(machine);
    }

    /// Has made what is missing. Call it when those who wait have got what there is.
    void keep(Batch batch) {
        if (!due) {
            return;
        }
        due = false;
        for (String name : List.copyOf(engine.pools.names())) {
            Pool pool = engine.pools.find(name).orElseThrow();
            for (int missing = kept(pool) == 0 ? 0 : missing(pool);
                    missing > 0 && pool.hasRoom();
                    missing--) {
                pool = make(batch, pool);
            }
        }
    }

    /// Negative where there are more.
    private int missing(Pool pool) {
        long there =
                pool.made().stream()
                        .flatMap(id -> Optional.ofNullable(engine.fleet.host(id)).stream())
                        .filter(host -> isForAnybody(host.machine))
                        .count();
        return (int) (kept(pool) - there);
    }

    private static int kept(Pool pool) {
        return pool.spec().make().map(PoolSpec.Make::keep).orElse(0);
    }

    /// Nobody has it, and it is ready or will be.
    private static boolean isForAnybody(Machine machine) {
        return machine.placement().isEmpty()
                && machine.state() != State.REMOVING
                && machine.pooled()
                        .filter(part -> part.reserved().isEmpty())
                        .filter(part ->
                                part.phase() == Phase.FREE || part.phase() == Phase.CLEANING)
                        .isPresent();
    }

    private Pool make(Batch batch, Pool pool) {
        PoolSpec.Make make = pool.spec().make().orElseThrow();
        Host host =
                engine.fleet.request(
                        batch,
                        id -> engine.pools.ownName(pool, id),
                        make.provider(),
                        new Machine.Origin(make.machine(), 0));
        MachineId id = host.machine.id();
        Pooled part = Pooled.free(pool.name(), host.machine.name()).madeByPool();
        engine.fleet.put(batch, host, host.machine.withPooled(part));
        Pool more = pool.with(id);
        engine.pools.put(batch, more);
        batch.pooled(host.machine);
        ask(batch, host);
        return more;
    }

    private void ask(Batch batch, Host host) {
        Machine machine = host.machine;
        batch.effect(
                new Effect.CreateInstance(
                        machine.id(),
                        machine.name(),
                        machine.provider().orElseThrow(),
                        machine.origin().orElseThrow().machine(),
                        engine.parts.identifiers().bootToken(machine.id())));
    }

    private static boolean isComing(Host host) {
        return host.machine.state() == State.REQUESTED
                && host.machine.placement().isEmpty()
                && host.machine.pooled().filter(Pooled::made).isPresent();
    }

    /// Asks again for what was asked for when the core was loaded.
    void recover(Batch batch, Host host) {
        if (isComing(host)) {
            ask(batch, host);
        }
    }

    /// The provider could not make it.
    void failed(Batch batch, Host host, Input.InstanceFailed answer) {
        if (!isComing(host)) {
            return;
        }
        Instant at = batch.now().plus(backoff(host.cleanings++));
        Pooled part =
                host.machine
                        .pooled()
                        .orElseThrow()
                        .in(Phase.FREE, Words.provider(answer) + "; asked again at " + at);
        engine.fleet.put(batch, host, host.machine.withPooled(part));
        batch.pooled(host.machine);
        engine.timers.set(at, new Timers.Timer.Clean(host.machine.id()));
    }

    private Duration backoff(int failures) {
        Duration first = engine.parts.settings().providerBackoff();
        for (int i = 0; i < failures && first.compareTo(LONGEST_BACKOFF) < 0; i++) {
            first = first.multipliedBy(2);
        }
        return first.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : first;
    }

    /// The time has come to ask the provider again, unless none is missing any more.
    void again(Batch batch, @Nullable Host host) {
        if (host == null || !isComing(host)) {
            return;
        }
        boolean wanted =
                engine.pools
                        .find(host.machine.pooled().orElseThrow().pool())
                        .filter(pool -> missing(pool) >= 0)
                        .isPresent();
        if (wanted) {
            ask(batch, host);
        } else {
            engine.poolCleaning.delete(batch, host);
        }
    }
}
