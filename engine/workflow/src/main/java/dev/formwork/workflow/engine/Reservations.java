package dev.formwork.workflow.engine;

import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.pool.Standing;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Machines of pools that are kept for one cluster: a machine's record says for whom, and until
/// when.
final class Reservations {
    private final EngineState engine;

    Reservations(EngineState engine) {
        this.engine = engine;
    }

    /// Machines of a pool that are free for everybody, by name.
    List<Host> free(Pool pool, Batch batch) {
        return engine.poolLine.free(pool, batch.now()).stream()
                .filter(host ->
                        Standing.of(host.machine, batch.now()).state() == Standing.State.FREE)
                .sorted(Comparator.comparing(host -> host.machine.name()))
                .toList();
    }

    /// Looks when a reservation of a machine is over.
    void watch(Machine machine) {
        machine.pooled()
                .flatMap(Pooled::reserved)
                .flatMap(Pooled.Reservation::until)
                .ifPresent(at -> engine.timers.set(at, new Timers.Timer.Reservation(machine.id())));
    }

    void reserve(Batch batch, Host host, String pool, Pooled.Reservation reservation) {
        Pooled part =
                host.machine
                        .pooled()
                        .orElseGet(() -> Pooled.free(pool, host.machine.name()))
                        .reservedIn(pool, reservation);
        engine.fleet.put(batch, host, host.machine.withPooled(part));
        batch.pooled(host.machine);
        watch(host.machine);
    }

    void unreserve(Batch batch, Host host) {
        Optional<Pooled> part = host.machine.pooled().filter(it -> it.reserved().isPresent());
        if (part.isPresent()) {
            Pooled now = part.get().withoutReservation();
            engine.fleet.put(batch, host, host.machine.withPooled(now));
            batch.pooled(host.machine);
        }
    }

    /// Nobody keeps anything for anybody in a pool that is no more.
    void dropped(Batch batch, String pool) {
        List.copyOf(engine.fleet.hosts()).stream()
                .filter(host ->
                        host.machine.pooled().filter(part -> part.pool().equals(pool)).isPresent())
                .forEach(host -> unreserve(batch, host));
    }

    void over(Batch batch, @Nullable Host host) {
        if (host != null
                && host.machine
                        .pooled()
                        .flatMap(Pooled::reserved)
                        .filter(it -> it.isOver(batch.now()))
                        .isPresent()) {
            unreserve(batch, host);
        }
    }
}
