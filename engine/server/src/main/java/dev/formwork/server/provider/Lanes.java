package dev.formwork.server.provider;

import dev.formwork.model.MachineId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/// Runs what concerns one machine one after the other, and different machines side by side. What
/// waits or runs already is not taken twice. Thread-safe.
final class Lanes {
    private final Executor executor;
    private final Map<MachineId, Deque<Work>> lanes = new HashMap<>();

    Lanes(Executor executor) {
        this.executor = executor;
    }

    private record Work(String kind, Runnable run) {}

    /// @param kind of work: a second one of the same kind for the same machine changes nothing
    void submit(MachineId machine, String kind, Runnable run) {
        synchronized (lanes) {
            Deque<Work> lane = lanes.computeIfAbsent(machine, _ -> new ArrayDeque<>());
            if (lane.stream().anyMatch(work -> work.kind().equals(kind))) {
                return;
            }
            lane.add(new Work(kind, run));
            if (lane.size() > 1) {
                return;
            }
        }
        executor.execute(() -> drain(machine));
    }

    private void drain(MachineId machine) {
        Work work = first(machine);
        while (work != null) {
            try {
                work.run().run();
            } finally {
                work = next(machine);
            }
        }
    }

    private @Nullable Work first(MachineId machine) {
        synchronized (lanes) {
            Deque<Work> lane = lanes.get(machine);
            return lane == null ? null : lane.peekFirst();
        }
    }

    private @Nullable Work next(MachineId machine) {
        synchronized (lanes) {
            Deque<Work> lane = lanes.get(machine);
            if (lane == null) {
                return null;
            }
            lane.pollFirst();
            if (lane.isEmpty()) {
                lanes.remove(machine);
            }
            return lane.peekFirst();
        }
    }
}
