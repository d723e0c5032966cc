package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.Mutex;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who waits for which machine and which mutex, and whose turn it is, over all runs.
///
/// A node has its mutex exactly while it has a job. Of those that wait for a mutex the first whose
/// machine could start it is the next, and only the next may have it: so the order holds, and who
/// waits for a machine keeps nobody from the mutex. What changes at a machine costs as much as
/// there are mutexes for which nodes wait there, however many nodes these are.
final class Lines {
    /// How many of those that have a mutex an explanation names.
    private static final int MOST_NAMED = 5;

    private static final class Held {
        final Map<NodeRef, Integer> holders = new LinkedHashMap<>();

        /// How many of those that have it allow how many.
        final TreeMap<Integer, Integer> limits = new TreeMap<>();

        /// The first of each lane that could start it.
        final TreeSet<Waiting> line = new TreeSet<>();

        Optional<Waiting> next = Optional.empty();
    }

    private final EngineState engine;
    private final Map<String, Held> mutexes = new HashMap<>();

    Lines(EngineState engine) {
        this.engine = engine;
    }

    /// Puts a node into the line for its machine.
    ///
    /// @return whether it may start as soon as the machine's agent asks
    boolean join(Batch batch, Waiting waiting) {
        Host host = waiting.host();
        Lane lane = host.lane(waiting.parallel());
        look(batch, host);
        host.queue.put(waiting.node(), waiting);
        if (waiting.mutex().isPresent()) {
            String name = waiting.mutex().get().name();
            lane.line(name).waiting.add(waiting);
            show(batch, lane, name);
        } else {
            lane.open.add(waiting);
        }
        return mayStart(waiting);
    }

    private static boolean mayStart(Waiting waiting) {
        Lane lane = waiting.host().lane(waiting.parallel());
        return waiting.host().reachable()
                && lane.open.contains(waiting)
                && lane.free() >= lane.open.size();
    }

    void leave(Batch batch, Host host, NodeRef node) {
        Waiting waiting = host.queue.remove(node);
        if (waiting == null) {
            return;
        }
        Lane lane = host.lane(waiting.parallel());
        lane.open.remove(waiting);
        waiting.mutex()
                .ifPresent(mutex -> {
                    lane.line(mutex.name()).waiting.remove(waiting);
                    show(batch, lane, mutex.name());
                });
    }

    /// What the machine could start may have changed.
    void look(Batch batch, Host host) {
        for (Lane lane : host.lanes()) {
            boolean able = lane.isAble();
            if (lane.able != able) {
                lane.able = able;
                lane.mutexes().forEach(name -> show(batch, lane, name));
            }
        }
    }

    /// The machine's agent calls again, or does not call any more.
    void reconsider(Batch batch, Host host) {
        look(batch, host);
        Set<Waiting> first = new HashSet<>();
        if (host.reachable()) {
            for (Lane lane : host.lanes()) {
                lane.open.stream().limit(Math.max(0, lane.free())).forEach(first::add);
            }
        }
        List.copyOf(host.queue.values())
                .forEach(waiting -> mark(batch, waiting, first.contains(waiting)));
    }

    /// Puts the first of a lane into the line for a mutex, or takes it out where its machine can't
    /// start it.
    private void show(Batch batch, Lane lane, String name) {
        Lane.Line line = lane.line(name);
        Optional<Waiting> first =
                lane.able && !line.waiting.isEmpty()
                        ? Optional.of(line.waiting.first())
                        : Optional.empty();
        Held held = mutexes.computeIfAbsent(name, _ -> new Held());
        if (!line.shown.equals(first)) {
            line.shown.ifPresent(held.line::remove);
            first.ifPresent(held.line::add);
            line.shown = first;
        }
        lane.forgetIfEmpty(name);
        turn(batch, name, held);
    }

    /// Whose turn it is to have a mutex.
    private void turn(Batch batch, String name, Held held) {
        Optional<Waiting> next =
                held.line.isEmpty() || !admits(held, held.line.first())
                        ? Optional.empty()
                        : Optional.of(held.line.first());
        if (!held.next.equals(next)) {
            held.next.ifPresent(before -> {
                before.host().lane(before.parallel()).open.remove(before);
                if (before.host().queue.containsKey(before.node())) {
                    mark(batch, before, false);
                }
            });
            held.next = next;
            next.ifPresent(now -> {
                now.host().lane(now.parallel()).open.add(now);
                mark(batch, now, true);
                batch.effect(new Effect.WakeAgent(now.host().machine.id()));
            });
        }
        if (held.holders.isEmpty() && held.line.isEmpty()) {
            mutexes.remove(name, held);
        }
    }

    private void mark(Batch batch, Waiting waiting, boolean ready) {
        RunCore run = engine.runs.get(waiting.node().run());
        if (run == null) {
            return;
        }
        if (ready) {
            run.steps().ready(batch, waiting.node().node());
        } else {
            String why = why(waiting);
            run.steps()
                    .notReady(
                            batch,
                            waiting.node().node(),
                            why.isEmpty() ? "others are before it" : why);
        }
    }

    private boolean admits(Held held, Waiting waiting) {
        int own = waiting.mutex().map(Mutex::max).orElse(1);
        int most = held.limits.isEmpty() ? own : Math.min(own, held.limits.firstKey());
        return engine.safeguards.admits(held.holders.size(), most);
    }

    /// A node has its mutex from now on: it gets a job, or had one when the engine was started.
    void hold(NodeRef node, Mutex mutex) {
        Held held = mutexes.computeIfAbsent(mutex.name(), _ -> new Held());
        if (held.holders.put(node, mutex.max()) == null) {
            held.limits.merge(mutex.max(), 1, Integer::sum);
        }
    }

    void release(Batch batch, NodeRef node, Mutex mutex) {
        Held held = mutexes.get(mutex.name());
        Integer max = held == null ? null : held.holders.remove(node);
        if (held != null && max != null) {
            held.limits.computeIfPresent(max, (_, count) -> count == 1 ? null : count - 1);
            turn(batch, mutex.name(), held);
        }
    }

    /// Why a node still waits; empty where only the agent has to ask.
    String why(Waiting waiting) {
        String machine = waiting.host().waiting(waiting.parallel());
        if (!waiting.host().reachable() || waiting.mutex().isEmpty()) {
            return machine;
        }
        Mutex mutex = waiting.mutex().get();
        String waits = "it waits for the mutex " + mutex.name();
        Held held = mutexes.get(mutex.name());
        if (held == null) {
            return waits;
        }
        if (held.next.equals(Optional.of(waiting))) {
            return machine;
        }
        if (!admits(held, waiting)) {
            return waits + ", which " + named(held) + (held.holders.size() == 1 ? " has" : " have");
        }
        return waits + (machine.isEmpty() ? ": others are before it" : "; " + machine);
    }

    private String named(Held held) {
        List<String> names =
                held.holders.keySet().stream().limit(MOST_NAMED).map(this::named).toList();
        int more = held.holders.size() - names.size();
        return String.join(" and ", names) + (more > 0 ? " and " + more + " more" : "");
    }

    private String named(NodeRef node) {
        RunCore run = engine.runs.get(node.run());
        return run == null
                ? "a node of run " + node.run()
                : run.graph().record(node.node()).key() + " of " + run.words();
    }

    /// Whether it is the turn of others to have the mutex.
    boolean waitsForMutex(Waiting waiting) {
        return waiting.mutex()
                .map(mutex -> mutexes.get(mutex.name()))
                .filter(held -> !held.next.equals(Optional.of(waiting)))
                .isPresent();
    }

    /// Those that have the mutex for which a node waits.
    List<NodeRef> holders(Waiting waiting) {
        return waiting.mutex()
                .map(mutex -> mutexes.get(mutex.name()))
                .map(held -> held.holders.keySet().stream().limit(MOST_NAMED).toList())
                .orElse(List.of());
    }
}
