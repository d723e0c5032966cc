package dev.formwork.workflow.engine;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which run holds which machines. A run has all the machines that it changes, from when it begins
/// until it ends, or none of them and waits: so no two runs wait for each other. Only the start and
/// the end of a run look at its machines.
final class Claims {
    private final Map<String, RunCore> holders = new HashMap<>();

    /// The higher priority first, then the older.
    private final TreeSet<RunCore> waiting =
            new TreeSet<>(
                    Comparator.comparingInt((RunCore run) -> -run.record().terms().priority())
                            .thenComparing(run -> run.record().createdAt())
                            .thenComparing(run -> run.record().id()));

    private final Safeguards safeguards;

    /// Others have what the runs want, whoever they are: in a dry engine nobody else is.
    private boolean withheld;

    Claims(Safeguards safeguards) {
        this.safeguards = safeguards;
    }

    /// Who keeps a run from its machines.
    ///
    /// @param holds has the machine; else waits for others, and comes before
    record Obstacle(String machine, RunCore run, boolean holds) {
        String words() {
            return holds
                    ? machine + ", which " + run.words() + " holds"
                    : machine + ", for which " + run.words() + " waits and comes first";
        }
    }

    /// The run that has a machine.
    Optional<RunCore> holder(String machine) {
        return Optional.ofNullable(holders.get(machine));
    }

    void withhold(boolean fromAll) {
        withheld = fromAll;
    }

    /// Gives a run its machines, or a place among those that wait.
    boolean take(RunCore run) {
        waiting.add(run);
        return give(run);
    }

    private boolean give(RunCore run) {
        if (withheld || run.paused() || obstacle(run).isPresent()) {
            return false;
        }
        grant(run);
        return true;
    }

    void grant(RunCore run) {
        waiting.remove(run);
        restore(run);
    }

    /// A run waits, as is recorded.
    void await(RunCore run) {
        waiting.add(run);
    }

    /// A run has its machines, as is recorded.
    void restore(RunCore run) {
        run.machinesChanged().forEach(machine -> holders.putIfAbsent(machine, run));
    }

    /// Gives a run that goes on one machine more; empty where that worked.
    Optional<Obstacle> add(RunCore run, String machine) {
        RunCore holder = holders.putIfAbsent(machine, run);
        return holder == null || holder == run
                ? Optional.empty()
                : Optional.of(new Obstacle(machine, holder, true));
    }

    void release(RunCore run) {
        waiting.remove(run);
        run.machinesChanged().forEach(machine -> holders.remove(machine, run));
    }

    /// A run that waits no longer, each time another one.
    Optional<RunCore> next() {
        if (withheld) {
            return Optional.empty();
        }
        Set<String> wanted = new HashSet<>();
        for (RunCore run : waiting) {
            if (run.paused()) {
                continue;
            }
            if (run.machinesChanged().stream()
                    .noneMatch(it -> holders.containsKey(it) || wanted.contains(it))) {
                give(run);
                return Optional.of(run);
            }
            wanted.addAll(run.machinesChanged());
        }
        return Optional.empty();
    }

    /// Those that wait, in the order of their turns.
    List<RunCore> waiting() {
        return List.copyOf(waiting);
    }

    /// The first that a run waits for.
    Optional<Obstacle> obstacle(RunCore run) {
        if (!safeguards.holdsMachines()) {
            return Optional.empty();
        }
        for (String machine : run.machinesChanged()) {
            RunCore holder = holders.get(machine);
            if (holder != null && holder != run) {
                return Optional.of(new Obstacle(machine, holder, true));
            }
        }
        for (RunCore earlier : waiting.headSet(run)) {
            if (!earlier.paused()) {
                for (String machine : run.machinesChanged()) {
                    if (earlier.machinesChanged().contains(machine)) {
                        return Optional.of(new Obstacle(machine, earlier, false));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
