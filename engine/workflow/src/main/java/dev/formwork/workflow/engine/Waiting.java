package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.Mutex;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/// A node that waits for its machine, and perhaps for a mutex. In the order in which it is their
/// turn: by the priority of their runs, then by how long they wait.
///
/// @param parallel may run beside other jobs of the machine
record Waiting(
        int priority,
        Instant since,
        NodeRef node,
        Host host,
        boolean parallel,
        Optional<Mutex> mutex)
        implements Comparable<Waiting> {
    private static final Comparator<Waiting> ORDER =
            Comparator.comparingInt((Waiting waiting) -> -waiting.priority)
                    .thenComparing(Waiting::since)
                    .thenComparing(waiting -> waiting.node.run())
                    .thenComparingInt(waiting -> waiting.node.node());

    @Override
    public int compareTo(Waiting other) {
        return ORDER.compare(this, other);
    }
}
