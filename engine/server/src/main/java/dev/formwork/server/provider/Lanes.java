package dev.formwork.server.provider;

import dev.formwork.model.MachineId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Runs what concerns one machine one after the other, and different machines side by side. What
/// waits or runs already is not taken twice; but once a work has *settled* what came of it, a new
/// wish is a new work, even if the old one is just on its way out. Thread-safe.
final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private final Executor executor;
    private final Map<MachineId, Deque<Work>> lanes = new HashMap<>();

    Lanes(Executor executor) {
        this.executor = executor;
    }

    /// Guarded by the lanes.
    private static final class Work {
        private final String kind;
        private final Consumer<Runnable> run;
        private boolean settled;

        Work(String kind, Consumer<Runnable> run) {
            this.kind = kind;
            this.run = run;
        }
    }

    /// @param kind of work: a second one of the same kind for the same machine changes nothing
    /// @param run does it; calls what it is given before it tells anybody what came of it
    void submit(MachineId machine, String kind, Consumer<Runnable> run) {
        synchronized (lanes) {
            Deque<Work> lane = lanes.computeIfAbsent(machine, _ -> new ArrayDeque<>());
            if (lane.stream().anyMatch(work -> !work.settled && work.kind.equals(kind))) {
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
                Work running = work;
                running.run.accept(() -> settle(running));
            } catch (RuntimeException e) {
                LOG.error("what was to be done for machine {} failed", machine, e);
            }
            work = next(machine);
        }
    }

    private void settle(Work work) {
        synchronized (lanes) {
            work.settled = true;
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
