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
            case Input.DeleteMachine delete -> delete(batch, delete);
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
                drop.taken()
                        || !pool.get().made().isEmpty()
                        || !engine.poolLine.waits(drop.name()).isEmpty()
                        || engine.fleet.hosts().stream()
                                .map(host -> host.machine)
                                .anyMatch(pool.get()::isInUse);
        if (inUse) {
            return refused(
                    "pool.in-use",
                    "pool "
                            + drop.name()
                            + " has machines that are not free, has made some, or somebody waits"
                            + " for one",
                    "`formwork pool show "
                            + drop.name()
                            + "` says which; `formwork pool delete` has those removed that it made");
        }
        engine.pools.drop(batch, pool.get());
        engine.reservations.dropped(batch, drop.name());
        batch.audit("pool.dropped", Optional.empty(), drop.name(), drop.by());
        return new Reply.Done();
    }

    private Reply reserve(Batch batch, Input.Reserve reserve) {
        Optional<Pool> pool = engine.pools.find(reserve.name());
        if (pool.isEmpty()) {
            return unknown(reserve.name());
        }
        if (!Names.LABEL.matcher(reserve.cluster()).matches()) {
            return refused(
                    "pool.bad-reservation",
                    "'" + Names.abbreviate(reserve.cluster()) + "' is no name of a cluster",
                    "a cluster's name is a DNS label, such as demo");
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

    private Reply delete(Batch batch, Input.DeleteMachine delete) {
        Optional<Host> host = host(delete.machine());
        Optional<Reply> not = isNotThere(delete.name(), delete.machine(), host);
        if (not.isPresent()) {
            return not.get();
        }
        Machine machine = host.orElseThrow().machine;
        if (machine.pooled().filter(Pooled::made).isEmpty()) {
            return refused(
                    "pool.not-made",
                    delete.machine() + " was not made by the pool",
                    "only what a pool had made is removed");
        }
        Standing standing = Standing.of(machine, batch.now());
        Optional<String> busy =
                switch (standing.state()) {
                    case FREE, RESERVED, DIRTY, ABSENT ->
                            engine.poolLine.isIdle(host.get())
                                    ? Optional.empty()
                                    : Optional.of("a run works on it");
                    case TAKEN, MAKING, CLEANING -> Optional.of("it is " + words(standing));
                };
        if (busy.isPresent()) {
            return refused(
                    "pool.not-free",
                    delete.machine() + " can't be removed: " + busy.get(),
                    "it can when nobody has it and nothing is done on it");
        }
        batch.audit("pool.deleted", Optional.empty(), delete.machine(), delete.by());
        engine.poolCleaning.delete(batch, host.get());
        return new Reply.Done();
    }

    private void nobodys(Batch batch, Host host, String pool, Pooled.Phase phase) {
        Machine machine = host.machine;
        Pooled part =
                machine.pooled().orElseGet(() -> Pooled.free(pool, machine.name())).in(phase, "");
        Machine own = machine.home().isPresent() ? machine.givenBackAs(machine.name()) : machine;
        engine.fleet.put(batch, host, own.withPooled(part));
    }

    private Optional<Reply> isNotThere(String name, String machine, Optional<Host> host) {
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
        return Optional.empty();
    }

    /// Only what is dirty is anybody's to clean.
    private Optional<Reply> mayNot(Batch batch, String name, String machine, Optional<Host> host) {
        Optional<Reply> not = isNotThere(name, machine, host);
        if (not.isPresent()) {
            return not;
        }
        Standing standing = Standing.of(host.orElseThrow().machine, batch.now());
        return standing.state() == Standing.State.DIRTY
                ? Optional.empty()
                : Optional.of(
                        refused(
                                "pool.not-dirty",
                                machine + " is " + words(standing),
                                "only a machine that is dirty needs a person"));
    }

    private static String words(Standing standing) {
        return standing.state().word()
                + (standing.reason().isEmpty() ? "" : " " + standing.reason());
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
