package dev.formwork.workflow.engine;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.pool.Standing;

import java.util.List;
import java.util.Optional;

/// What people ask of pools.
final class PoolCommands {
    private final EngineState engine;

    PoolCommands(EngineState engine) {
        this.engine = engine;
    }

    Reply command(Batch batch, Input.OfPool command) {
        return switch (command) {
            case Input.ApplyPool apply -> apply(batch, apply);
            case Input.DropPool drop -> drop(batch, drop);
            case Input.Reserve reserve -> reserve(batch, reserve);
            case Input.Unreserve unreserve -> unreserve(batch, unreserve);
            case Input.CleanMachine clean -> clean(batch, clean);
            case Input.FreeMachine free -> free(batch, free);
        };
    }

    private Reply apply(Batch batch, Input.ApplyPool apply) {
        Pool next =
                engine.pools
                        .find(apply.name())
                        .map(known -> apply.pool().withMade(known.made()))
                        .orElse(apply.pool());
        engine.pools.put(batch, next);
        batch.audit("pool.applied", Optional.empty(), apply.name(), apply.by());
        return new Reply.Done();
    }

    private Reply drop(Batch batch, Input.DropPool drop) {
        Optional<Pool> pool = engine.pools.find(drop.name());
        if (pool.isEmpty()) {
            return unknown(drop.name());
        }
        boolean inUse =
                !pool.get().made().isEmpty()
                        || !engine.poolLine.waits(drop.name()).isEmpty()
                        || engine.fleet.hosts().stream()
                                .map(host -> host.machine)
                                .filter(machine -> machine.pooled().isPresent())
                                .anyMatch(machine ->
                                        machine.pooled().get().pool().equals(drop.name())
                                                && machine.pooled().get().phase()
                                                        != Pooled.Phase.FREE);
        if (inUse) {
            return refused(
                    "pool.in-use",
                    "pool " + drop.name() + " has machines that are not free, or made some",
                    "`formwork pool show " + drop.name() + "` says which");
        }
        engine.pools.drop(batch, pool.get());
        batch.audit("pool.dropped", Optional.empty(), drop.name(), drop.by());
        return new Reply.Done();
    }

    private Reply reserve(Batch batch, Input.Reserve reserve) {
        Optional<Pool> pool = engine.pools.find(reserve.name());
        if (pool.isEmpty()) {
            return unknown(reserve.name());
        }
        boolean past = reserve.until().filter(at -> !at.isAfter(batch.now())).isPresent();
        if (past) {
            return refused(
                    "pool.bad-reservation",
                    reserve.until().orElseThrow() + " is over",
                    "say a time to come, or none");
        }
        List<Host> free = engine.reservations.free(pool.get(), batch);
        if (free.size() < reserve.count()) {
            return refused(
                    "pool.too-few",
                    "of pool " + reserve.name() + " only " + free.size() + " are free",
                    "`formwork pool show " + reserve.name() + "` says who has the others");
        }
        free.stream()
                .limit(reserve.count())
                .forEach(host ->
                        engine.reservations.reserve(
                                batch,
                                host,
                                reserve.name(),
                                new Pooled.Reservation(reserve.cluster(), reserve.until())));
        batch.audit("pool.reserved", Optional.empty(), reserve.name(), reserve.by());
        return new Reply.Done();
    }

    private Reply unreserve(Batch batch, Input.Unreserve unreserve) {
        if (engine.pools.find(unreserve.name()).isEmpty()) {
            return unknown(unreserve.name());
        }
        List.copyOf(engine.fleet.hosts()).stream()
                .filter(host ->
                        host.machine
                                        .pooled()
                                        .map(Pooled::pool)
                                        .equals(Optional.of(unreserve.name()))
                                && Standing.isReservedFor(unreserve.cluster(), host.machine))
                .forEach(host -> engine.reservations.unreserve(batch, host));
        batch.audit("pool.unreserved", Optional.empty(), unreserve.name(), unreserve.by());
        return new Reply.Done();
    }

    private Reply clean(Batch batch, Input.CleanMachine clean) {
        Optional<Host> host = host(clean.machine());
        Optional<Reply> not = mayNot(batch, clean.name(), clean.machine(), host);
        if (not.isPresent()) {
            return not.get();
        }
        batch.audit("pool.cleaned", Optional.empty(), clean.machine(), clean.by());
        nobodys(batch, host.orElseThrow(), clean.name(), Pooled.Phase.CLEANING);
        host.get().cleanings = 0;
        engine.poolCleaning.clean(batch, host.get());
        return new Reply.Done();
    }

    private Reply free(Batch batch, Input.FreeMachine free) {
        Optional<Host> host = host(free.machine());
        Optional<Reply> not = mayNot(batch, free.name(), free.machine(), host);
        if (not.isPresent()) {
            return not.get();
        }
        batch.audit("pool.freed", Optional.empty(), free.machine(), free.by());
        nobodys(batch, host.orElseThrow(), free.name(), Pooled.Phase.FREE);
        engine.poolCleaning.free(
                batch, host.get(), host.get().machine.pooled().orElseThrow().off());
        return new Reply.Done();
    }

    private void nobodys(Batch batch, Host host, String pool, Pooled.Phase phase) {
        Machine machine = host.machine;
        Pooled part =
                machine.pooled().orElseGet(() -> Pooled.free(pool, machine.name())).in(phase, "");
        Machine own = machine.home().isPresent() ? machine.givenBackAs(machine.name()) : machine;
        engine.fleet.put(batch, host, own.withPooled(part));
    }

    /// Only what is dirty is anybody's to clean.
    private Optional<Reply> mayNot(Batch batch, String name, String machine, Optional<Host> host) {
        Optional<Pool> pool = engine.pools.find(name);
        if (pool.isEmpty()) {
            return Optional.of(unknown(name));
        }
        if (host.isEmpty()) {
            return Optional.of(Fleet.unknown(machine));
        }
        if (!pool.get().has(host.get().machine)) {
            return Optional.of(
                    refused(
                            "pool.not-in-it",
                            machine + " is not in pool " + name,
                            "`formwork pool show " + name + "` lists its machines"));
        }
        Standing standing = Standing.of(host.get().machine, batch.now());
        return standing.state() == Standing.State.DIRTY
                ? Optional.empty()
                : Optional.of(
                        refused(
                                "pool.not-dirty",
                                machine
                                        + " is "
                                        + standing.state().word()
                                        + (standing.reason().isEmpty()
                                                ? ""
                                                : " " + standing.reason()),
                                "only a machine that is dirty needs a person"));
    }

    private Optional<Host> host(String name) {
        List<Host> named = engine.fleet.named(name);
        return named.isEmpty() ? Optional.empty() : Optional.of(named.getLast());
    }

    private Reply unknown(String pool) {
        return refused(
                "pool.unknown",
                "there is no pool " + Names.abbreviate(pool),
                Names.nearest(pool, engine.pools.names())
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("`formwork pool list` lists what there is"));
    }

    private static Reply.Refused refused(String code, String detail, String hint) {
        return new Reply.Refused(Problem.of(code, detail, hint));
    }
}
