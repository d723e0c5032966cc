package dev.formwork.bench.transitions;

import dev.formwork.bench.engine.GeneratedPlan;
import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/// Step transitions straight into the store: read the node from the run's graph, where the engine
/// has it, write its next state and append the event that tells of it; done when both are durable.
/// Nodes take turns, so that none has two transitions on their way.
final class StoreRate {
    private static final int NODES = 1000;
    private static final RunId RUN = new RunId("r-bench");

    private final Store store;
    private final Clock clock;
    private final RunGraph graph;
    private int next;

    StoreRate(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        List<String> machines = IntStream.range(0, NODES).mapToObj(i -> "machine-" + i).toList();
        this.graph =
                new RunGraph(RUN, GeneratedPlan.of("bench", machines, NODES).plan(), List.of());
    }

    /// @param outstanding how many transitions are on their way at a time, fewer than [#NODES]
    /// @return durable transitions per second
    double round(int outstanding, Duration length) {
        Semaphore room = new Semaphore(outstanding);
        AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
        long began = System.nanoTime();
        long end = began + length.toNanos();
        long count = 0;
        while (System.nanoTime() < end && failure.get().isEmpty()) {
            room.acquireUninterruptibly();
            var _ =
                    store.commit(transition())
                            .whenComplete((_, why) -> {
                                if (why != null) {
                                    failure.set(Optional.of(why));
                                }
                                room.release();
                            });
            count++;
        }
        room.acquireUninterruptibly(outstanding);
        failure.get()
                .ifPresent(why -> {
                    throw new CompletionException(why);
                });
        return count / ((System.nanoTime() - began) / 1e9);
    }

    private List<Change> transition() {
        int node = next;
        next = (next + 1) % graph.size();
        Instant now = clock.instant();
        NodeRecord changed = after(graph.record(node), now);
        graph.put(node, changed);
        Map<String, Value> data = new LinkedHashMap<>();
        data.put("state", Value.of(changed.state().word()));
        data.put("reason", Value.of(changed.reason()));
        data.put("attempt", Value.of(changed.attempt()));
        return List.of(
                new Change.PutNode(changed),
                new Change.AppendEvent(
                        new Event(
                                0,
                                now,
                                "node.changed",
                                Optional.of(RUN),
                                changed.key().toString(),
                                Value.of(data))));
    }

    /// Round and round: ready, offered, succeeded.
    private static NodeRecord after(NodeRecord record, Instant now) {
        if (record.state() == NodeState.READY) {
            return record.attempting(Optional.empty(), "offered to its agent", now);
        }
        return record.state() == NodeState.RUNNING
                ? record.ended(NodeState.SUCCEEDED, "", now)
                : record.to(NodeState.READY, "");
    }
}
