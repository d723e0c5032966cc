package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.tape.TapeEntry;
import dev.formwork.workflow.tape.Told;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Puts down what open runs are told, for [Replay]. What a run does by itself is not put down: it
/// follows.
///
/// Machines change more often than runs are told something. So one that has changed is only
/// remembered, and put down before the next thing that its run is told.
final class Tapes {
    /// A run that listens.
    private static final class Listener {
        private final RunCore run;

        /// Of the machines of its plan.
        private final Set<String> names;

        /// Machines, since it was told something.
        private final Set<MachineId> changed = new LinkedHashSet<>();

        /// It was told nothing since it is open, or since the core was loaded.
        private boolean fresh = true;

        private Listener(RunCore run, Set<String> names) {
            this.run = run;
            this.names = names;
        }
    }

    /// What a run is told just now.
    private static final class Telling {
        private final RunCore run;
        private final Told told;
        private final List<Told> world = new ArrayList<>(0);
        private final List<String> named = new ArrayList<>(2);
        private boolean waits;

        private Telling(RunCore run, Told told) {
            this.run = run;
            this.told = told;
        }
    }

    private final Map<RunId, Listener> listeners = new HashMap<>();
    private final Map<String, Set<Listener>> byMachine = new HashMap<>();

    /// In this step, by run, in the order in which they began.
    private final Map<RunId, List<Telling>> tellings = new LinkedHashMap<>();

    private final EngineState engine;
    private @Nullable Telling current;

    Tapes(EngineState engine) {
        this.engine = engine;
    }

    /// A run is open from now on; also one that is already.
    void listen(RunCore run) {
        if (listeners.containsKey(run.record().id())) {
            return;
        }
        Set<String> names = new HashSet<>(Set.of(NodeKey.ENGINE));
        run.plan().plan().members().stream().map(Member::name).forEach(names::add);
        run.plan().plan().nodes().forEach(node -> node.key().machine().ifPresent(names::add));
        Listener listener = new Listener(run, names);
        listeners.put(run.record().id(), listener);
        for (String name : names) {
            byMachine.computeIfAbsent(name, _ -> new HashSet<>()).add(listener);
            engine.fleet.named(name).forEach(host -> listener.changed.add(host.machine.id()));
        }
    }

    void dismiss(RunCore run) {
        Listener listener = listeners.remove(run.record().id());
        if (listener != null) {
            for (String name : listener.names) {
                byMachine.computeIfPresent(
                        name,
                        (_, all) -> {
                            all.remove(listener);
                            return all.isEmpty() ? null : all;
                        });
            }
        }
    }

    /// A machine is another than it was, or is no more.
    void changed(Machine machine) {
        Telling telling = current;
        for (Listener listener : byMachine.getOrDefault(machine.name(), Set.of())) {
            if (telling == null || telling.run != listener.run) {
                listener.changed.add(machine.id());
            }
        }
    }

    /// An id was made up.
    void named(String id) {
        if (current != null) {
            current.named.add(id);
        }
    }

    /// Has a run hear of something. Put down where that changes anything.
    <T> T tell(Batch batch, RunCore run, Told told, Supplier<T> hears) {
        return tell(batch, run, told, false, hears);
    }

    void tell(Batch batch, RunCore run, Told told, Runnable hears) {
        tell(
                batch,
                run,
                told,
                () -> {
                    hears.run();
                    return true;
                });
    }

    /// @param always also where it changes nothing that is stored
    <T> T tell(Batch batch, RunCore run, Told told, boolean always, Supplier<T> hears) {
        Telling outer = current;
        Telling mine = new Telling(run, told);
        RunId id = run.record().id();
        Listener listener = listeners.get(id);
        if (listener != null) {
            if (listener.fresh) {
                mine.world.add(new Told.Anew(engine.epoch));
            }
            listener.changed.forEach(machine -> mine.world.add(asItIs(machine)));
        }
        List<Telling> all = tellings.computeIfAbsent(id, _ -> new ArrayList<>(1));
        all.add(mine);
        current = mine;
        int before = batch.made();
        T answer = hears.get();
        current = outer;
        mine.waits = run.record().state() == RunRecord.State.WAITING;
        if (!always && batch.made() == before) {
            all.remove(mine);
        } else if (listener != null) {
            listener.fresh = false;
            mine.world.forEach(each -> listener.changed.remove(machineOf(each)));
        }
        return answer;
    }

    private Told asItIs(MachineId machine) {
        Host host = engine.fleet.host(machine);
        return host == null ? new Told.Lacks(machine) : new Told.Found(host.machine);
    }

    private static @Nullable MachineId machineOf(Told told) {
        return switch (told) {
            case Told.Found(Machine machine) -> machine.id();
            case Told.Lacks(MachineId machine) -> machine;
            default -> null;
        };
    }

    /// Adds what was put down to what is stored of the step.
    void write(Batch batch) {
        tellings.forEach((run, told) -> {
            List<TapeEntry> entries = new ArrayList<>();
            for (Telling each : told) {
                each.world.forEach(
                        found -> entries.add(new TapeEntry(batch.now(), found, false, List.of())));
                entries.add(new TapeEntry(batch.now(), each.told, each.waits, each.named));
            }
            if (!entries.isEmpty()) {
                batch.tape(run, entries);
            }
        });
        tellings.clear();
    }
}
