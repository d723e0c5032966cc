package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.JobId;
import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// How many transitions a second are acknowledged, each a node and an event. No test of the build:
/// docs/durability.md says how it is run, and what came out.
class StoreBenchmark {
    private static final RunId RUN = new RunId("R1");
    private static final int NODES = 100_000;

    @TempDir Path directory;

    /// @param underWay how many commits are not yet acknowledged at any time
    /// @param window among how many neighbouring nodes the next one is: as a step goes over the
    ///   machines; 100,000 is all of them, at random
    @ParameterizedTest
    @CsvSource({"1, 3000, 2000", "100, 3000, 20000", "2000, 3000, 200000", "2000, 100000, 200000"})
    void transitions(int underWay, int window, int count) throws InterruptedException {
        try (Store store = H2Store.open(directory, PowerLoss.SEALER, Clock.systemUTC())) {
            load(store);
            Semaphore slots = new Semaphore(underWay);
            long[] latencies = new long[count];
            long[] starts = new long[2];
            for (int i = -count / 4; i < count; i++) {
                if (i == 0) {
                    starts[0] = System.nanoTime();
                    starts[1] = writerNanos();
                }
                int number = i;
                slots.acquire();
                long begun = System.nanoTime();
                store.commit(transition(number + count, window))
                        .thenRun(() -> {
                            latencies[Math.max(number, 0)] = System.nanoTime() - begun;
                            slots.release();
                        })
                        .exceptionally(e -> {
                            throw new AssertionError(e);
                        });
            }
            slots.acquire(underWay);
            double seconds = (System.nanoTime() - starts[0]) / 1e9;
            double writing = (writerNanos() - starts[1]) / 1e9;
            Arrays.sort(latencies);
            System.out.printf(
                    "%,d under way in %,d: %,.0f transitions/s; %,.0f per second of the writer's"
                            + " CPU; median %.1f ms, 99%% %.1f ms%n",
                    underWay,
                    window,
                    count / seconds,
                    count / writing,
                    latencies[count / 2] / 1e6,
                    latencies[count * 99 / 100] / 1e6);
            assertThat(store.nodes(RUN)).hasSize(NODES);
        }
    }

    private static void load(Store store) {
        List<Change> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Change.PutNode(NodeRecord.blocked(RUN, key(i))));
        }
        for (int i = 0; i < NODES; i += 1_000) {
            store.commit(nodes.subList(i, i + 1_000)).join();
        }
    }

    private static NodeKey key(int machine) {
        return NodeKey.of("etcd/member", "demo-members-" + machine);
    }

    private static List<Change> transition(int number, int window) {
        long scattered = number % window * 7919L % window;
        NodeKey key = key((int) ((number - number % window + scattered) % NODES));
        Instant now = Instant.now();
        NodeRecord node =
                new NodeRecord(
                        RUN,
                        key,
                        NodeState.RUNNING,
                        1,
                        1,
                        0,
                        number,
                        Optional.of(new JobId("J" + number)),
                        "runs",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(now),
                        Optional.empty());
        Value.Struct data = Value.of(Map.of("state", Value.of("running"), "attempt", Value.of(1)));
        return List.of(
                new Change.PutNode(node),
                new Change.AppendEvent(
                        new Event(0, now, "node.changed", Optional.of(RUN), "" + key, data)));
    }

    private static long writerNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().equals("store-writer")) {
                return threads.getThreadCpuTime(id);
            }
        }
        return 0;
    }
}
