package dev.formwork.workflow.simulation;

import dev.formwork.model.RunId;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The store as a real one is: what comes while it writes waits for the next transaction, which
/// takes it all. A transaction takes its time, and is durable as a whole or not at all. When one
/// has failed, no more is accepted, and whoever waits knows nothing of what is stored.
final class SimulatedStore {
    /// How a transaction ends.
    enum Fate {
        STORED,
        /// As it should, but after seconds in which more and more waits.
        STORED_LATE,
        /// The disk is full, or the database refuses it, or was not reached at all.
        REFUSED,
        /// The connection is lost when all is stored, and before the engine is told.
        UNANSWERED,
        /// The engine dies when the transaction is on its way.
        DEATH_BEFORE,
        /// The engine dies when the transaction is durable, and before it has told anybody.
        DEATH_AFTER
    }

    private static final List<Fate> FAULTS =
            List.of(
                    Fate.STORED_LATE,
                    Fate.REFUSED,
                    Fate.UNANSWERED,
                    Fate.DEATH_BEFORE,
                    Fate.DEATH_AFTER);

    /// Between a transaction that is durable and the engine that knows it.
    private static final Duration ANSWER = Duration.ofMillis(1);

    /// @param transitions the changes of each
    private record Batch(List<List<Change>> transitions, Runnable stored) {}

    private final Simulation simulation;
    private final Scenario scenario;
    private final double faults;
    private final Map<String, RunId> runs = new HashMap<>();
    private final Set<Fate> fates = EnumSet.noneOf(Fate.class);
    private final List<Batch> waiting = new ArrayList<>();
    private InMemoryStore contents = new InMemoryStore();
    private List<Batch> writing = List.of();
    private int connection;
    private boolean allSucceeded;

    /// @param faults share of transactions that do not end as they should
    SimulatedStore(Simulation simulation, Scenario scenario, double faults) {
        this.simulation = simulation;
        this.scenario = scenario;
        this.faults = faults;
    }

    /// What is durable.
    InMemoryStore contents() {
        return contents;
    }

    /// How transactions have ended so far.
    Set<Fate> fates() {
        return fates;
    }

    /// @param transitions the changes of each, all of which are stored together
    /// @param stored called when they are durable, in the order of calls; never where that fails
    void commit(List<List<Change>> transitions, Runnable stored) {
        waiting.add(new Batch(transitions, stored));
        if (writing.isEmpty()) {
            write();
        }
    }

    private void write() {
        writing = List.copyOf(waiting);
        waiting.clear();
        Fate fate =
                simulation.happens(faults)
                        ? FAULTS.get(simulation.random().nextInt(FAULTS.size()))
                        : Fate.STORED;
        Duration length =
                fate == Fate.STORED_LATE
                        ? simulation.between(1_000, 20_000)
                        : simulation.between(1, 40);
        int mine = connection;
        simulation.after(
                length,
                () -> {
                    if (connection == mine) {
                        written(fate);
                    }
                });
    }

    private void written(Fate fate) {
        fates.add(fate);
        List<Batch> group = writing;
        writing = List.of();
        switch (fate) {
            case STORED, STORED_LATE -> {
                keep(group);
                answer(group);
                if (!waiting.isEmpty()) {
                    write();
                }
            }
            case REFUSED -> simulation.engine().crash("its store refuses to write");
            case UNANSWERED -> {
                keep(group);
                simulation.engine().crash("its store does not answer");
            }
            case DEATH_BEFORE -> simulation.engine().crash("while it stores");
            case DEATH_AFTER -> {
                keep(group);
                simulation.engine().crash("when it has stored");
            }
        }
    }

    private void answer(List<Batch> group) {
        int mine = connection;
        simulation.after(
                ANSWER,
                () -> {
                    for (Batch batch : group) {
                        if (connection == mine) {
                            batch.stored.run();
                        }
                    }
                });
    }

    /// The engine is gone. Whether the transaction that was on its way is durable nobody can say.
    void abandon() {
        connection++;
        if (!writing.isEmpty() && simulation.random().nextBoolean()) {
            keep(writing);
        }
        writing = List.of();
        waiting.clear();
    }

    private void keep(List<Batch> group) {
        for (Batch batch : group) {
            batch.transitions.forEach(this::keepAll);
        }
    }

    private void keepAll(List<Change> changes) {
        changes.forEach(simulation.truth()::stores);
        contents.commit(changes).join();
        boolean ofRuns = false;
        for (Change change : changes) {
            if (change instanceof Change.PutRun(RunRecord run)) {
                runs.put(run.planDigest(), run.id());
                ofRuns = true;
            }
        }
        if (ofRuns) {
            simulation.truth().stored();
            allSucceeded = scenario.plans().stream().allMatch(this::hasSucceeded);
        }
    }

    /// All there was is gone, but for a backup. It is marked, so that nobody takes what was said
    /// since for what is known.
    void restore(InMemoryStore backup) {
        contents = backup;
        Epoch next = epoch().next();
        contents.commit(List.of(new Change.PutSetting(Epoch.SETTING, Long.toString(next.number()))))
                .join();
        allSucceeded = false;
    }

    Epoch epoch() {
        return Epoch.of(contents.setting(Epoch.SETTING));
    }

    Optional<RunRecord> run(String planDigest) {
        return Optional.ofNullable(runs.get(planDigest)).flatMap(contents::run);
    }

    boolean allSucceeded() {
        return allSucceeded;
    }

    /// No machine of a pool is between two owners.
    boolean nothingIsCleaned() {
        return contents.machines().stream()
                .flatMap(machine -> machine.pooled().stream())
                .noneMatch(part -> part.phase() == Pooled.Phase.CLEANING);
    }

    private boolean hasSucceeded(String planDigest) {
        return run(planDigest).filter(run -> run.state() == RunRecord.State.SUCCEEDED).isPresent();
    }

    /// Runs that have not succeeded, and what their nodes say.
    String whatIsOpen() {
        return contents.runs(Optional.empty(), Scenario.MOST_PLANS).stream()
                .filter(run -> run.state() != RunRecord.State.SUCCEEDED)
                .map(run -> run.id() + " " + run.state() + " " + openNodes(run))
                .collect(Collectors.joining("; "));
    }

    private List<String> openNodes(RunRecord run) {
        return contents.nodes(run.id()).stream()
                .filter(node -> !node.state().endedWell())
                .map(node -> node.key() + " " + node.state() + " " + node.reason())
                .toList();
    }
}
