package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/// What is to be looked at when. Few are taken back: whoever is told looks whether it still
/// matters. Those due at one instant come in the order in which they were set.
final class Timers {
    sealed interface Timer {
        /// A machine may have been silent for too long. Only the one set last counts.
        record Lease(MachineId machine, Instant at) implements Timer {}

        /// A provider may be asked again to clean a machine of a pool, or to make it.
        record Clean(MachineId machine) implements Timer {}

        /// A machine may have been reserved for long enough.
        record Reservation(MachineId machine) implements Timer {}

        /// A delay or a deadline of a node may be over.
        record Wake(NodeRef node) implements Timer {}

        /// A job may have taken too long.
        record Deadline(JobId job) implements Timer {}

        /// A run may have taken too long.
        record RunDeadline(RunId run) implements Timer {}
    }

    /// A timer that is set.
    record Entry(Instant at, long order, Timer timer) {}

    private final TreeSet<Entry> entries =
            new TreeSet<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::order));
    private long order;

    Entry set(Instant at, Timer timer) {
        Entry entry = new Entry(at, order++, timer);
        entries.add(entry);
        return entry;
    }

    /// Takes one back that will not matter any more, where there would be many of them.
    void cancel(Entry entry) {
        entries.remove(entry);
    }

    /// One that is due, each time another.
    Optional<Timer> take(Instant now) {
        if (entries.isEmpty() || entries.first().at.isAfter(now)) {
            return Optional.empty();
        }
        Entry first = entries.removeFirst();
        return Optional.of(first.timer);
    }

    Optional<Instant> next() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.first().at);
    }
}
