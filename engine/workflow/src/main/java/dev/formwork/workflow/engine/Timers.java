package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/// What is to be looked at when. Nothing is taken back: whoever is told looks whether it still
/// matters. Those due at one instant come in the order in which they were set.
final class Timers {
    sealed interface Timer {
        /// A machine may have been silent for too long. Only the one set last counts.
        record Lease(MachineId machine, Instant at) implements Timer {}

        /// A delay or a deadline of a node may be over.
        record Wake(NodeRef node) implements Timer {}

        /// A job may have taken too long.
        record Deadline(JobId job) implements Timer {}

        /// A run may have taken too long.
        record RunDeadline(RunId run) implements Timer {}
    }

    private record Entry(Instant at, long order, Timer timer) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::order));
    private long order;

    void set(Instant at, Timer timer) {
        entries.add(new Entry(at, order++, timer));
    }

    /// One that is due, each time another.
    Optional<Timer> take(Instant now) {
        Entry first = entries.peek();
        if (first == null || first.at.isAfter(now)) {
            return Optional.empty();
        }
        entries.remove();
        return Optional.of(first.timer);
    }

    Optional<Instant> next() {
        return Optional.ofNullable(entries.peek()).map(Entry::at);
    }
}
