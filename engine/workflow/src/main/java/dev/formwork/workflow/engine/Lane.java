package dev.formwork.workflow.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// One of the two lines at a machine: of those that want it for themselves, or of those that run
/// beside others. The engine's agent has one line for all.
final class Lane {
    private final Host host;
    private final boolean parallel;

    /// Whose turn it is as soon as there is room: they wait for no mutex, or are the next to have
    /// it.
    final TreeSet<Waiting> open = new TreeSet<>();

    /// Those that wait for a mutex too, by its name.
    private final Map<String, Line> lines = new HashMap<>();

    /// Whether the next could start at once, as of the last look.
    boolean able;

    /// Those at one machine that wait for one mutex.
    static final class Line {
        final TreeSet<Waiting> waiting = new TreeSet<>();

        /// The first, while it stands in the mutex' own line.
        Optional<Waiting> shown = Optional.empty();
    }

    Lane(Host host, boolean parallel) {
        this.host = host;
        this.parallel = parallel;
    }

    int free() {
        return host.free(parallel);
    }

    boolean isAble() {
        return host.reachable() && free() > 0;
    }

    Optional<Waiting> next() {
        return open.isEmpty() || free() <= 0 ? Optional.empty() : Optional.of(open.first());
    }

    Line line(String mutex) {
        return lines.computeIfAbsent(mutex, _ -> new Line());
    }

    void forgetIfEmpty(String mutex) {
        lines.computeIfPresent(mutex, (_, line) -> line.waiting.isEmpty() ? null : line);
    }

    Iterable<String> mutexes() {
        return List.copyOf(lines.keySet());
    }
}
