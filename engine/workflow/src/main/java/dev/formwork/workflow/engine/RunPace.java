package dev.formwork.workflow.engine;

import dev.formwork.model.Names;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;
import dev.formwork.workflow.run.RunRecord.State;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Whether a run starts anything new: it waits for its machines, goes on, is paused or cancelled.
final class RunPace {
    private final EngineState engine;
    private final RunCore run;

    /// Names of the machines that the run changes, and holds or waits for.
    private final SortedSet<String> machines;

    RunPace(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
        this.machines = changed(run.graph());
    }

    private static SortedSet<String> changed(RunGraph graph) {
        TreeSet<String> names = new TreeSet<>();
        for (int node = 0; node < graph.size(); node++) {
            Optional<String> machine = graph.planned(node).key().machine();
            if (machine.isPresent()
                    && !machine.get().equals(NodeKey.ENGINE)
                    && changes(graph.planned(node), graph.record(node))) {
                names.add(machine.get());
            }
        }
        return names;
    }

    /// What the plan leaves alone may run all the same, once somebody has approved it.
    private static boolean changes(PlannedNode planned, NodeRecord record) {
        return switch (planned.action()) {
            case CREATE, REMOVE, ALLOCATE, RELEASE -> true;
            // It takes back what this run has done there: its step counts already.
            case UNDO ->
                    planned.isRollback()
                            ? hasTried(record)
                            : planned.decision() != Decision.SKIPPED;
            case STEP ->
                    planned.decision() == Decision.WILL_RUN
                            || planned.decision() == Decision.MAY_RUN
                            || hasTried(record);
            case BOOT, GATE -> false;
        };
    }

    private static boolean hasTried(NodeRecord record) {
        return record.attempt() > 0 || record.place().isPresent();
    }

    SortedSet<String> machines() {
        return machines;
    }

    /// Nothing keeps it from starting what is due.
    boolean goesOn() {
        return run.record().state() == State.RUNNING;
    }

    /// Whether it may end where none of its nodes can go on.
    boolean mayEnd() {
        return switch (run.record().state()) {
            case WAITING -> false;
            case PAUSED -> run.record().holding() && !run.graph().anyDue();
            case RUNNING, CANCELLING, SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }

    /// Takes the machines, or waits for them.
    void begin(Batch batch, String event) {
        watchTime();
        if (engine.claims.take(run)) {
            run.change(batch, run.record().withMachines(), event);
        } else {
            run.change(batch, run.record().withState(State.WAITING, obstacle()), event);
        }
    }

    /// The machines that it waited for are its own.
    void go(Batch batch) {
        run.change(batch, run.record().withMachines(), "run.changed");
        run.proceed(batch);
    }

    /// It still waits, perhaps for another run than before.
    void waitOn(Batch batch) {
        String why = obstacle();
        if (run.record().state() == State.WAITING && !run.record().reason().equals(why)) {
            run.change(batch, run.record().withState(State.WAITING, why), "run.changed");
        }
    }

    private String obstacle() {
        return engine.claims
                .obstacle(run)
                .map(it -> "it waits for machine " + it.words())
                .orElse("");
    }

    /// It holds one machine more.
    Optional<Claims.Obstacle> add(String machine) {
        if (machine.equals(NodeKey.ENGINE) || machines.contains(machine)) {
            return Optional.empty();
        }
        Optional<Claims.Obstacle> obstacle = engine.claims.add(run, machine);
        if (obstacle.isEmpty()) {
            machines.add(machine);
        }
        return obstacle;
    }

    /// Takes up what is recorded.
    void restore() {
        watchTime();
        if (run.record().holding()) {
            engine.claims.restore(run);
        } else {
            engine.claims.await(run);
        }
    }

    private void watchTime() {
        run.record()
                .deadline()
                .ifPresent(at ->
                        engine.timers.set(at, new Timers.Timer.RunDeadline(run.record().id())));
    }

    void overdue(Batch batch) {
        boolean over = run.record().deadline().filter(at -> !at.isAfter(batch.now())).isPresent();
        if (over && !run.cancelling()) {
            run.change(batch, run.record().withCode("run.timeout"), "run.changed");
            String limit =
                    run.record()
                            .terms()
                            .timeout()
                            .map(it -> it.toSeconds() + " s")
                            .orElse("it may");
            cancel(batch, "it took longer than " + limit, false);
        }
    }

    /// Starts nothing more until it is resumed. What waits for its machine leaves the line, and
    /// keeps its place.
    void pause(Batch batch, String why) {
        run.change(batch, run.record().withState(State.PAUSED, why), "run.changed");
        for (int node : List.copyOf(run.graph().active())) {
            if (isIdle(run.graph().record(node))) {
                run.steps().leaveLine(batch, node);
                park(batch, node);
            }
        }
        engine.advance(batch);
    }

    /// Neither running, nor waiting for a person or for time to pass.
    private static boolean isIdle(NodeRecord node) {
        return (node.state() == NodeState.READY || node.state() == NodeState.WAITING)
                && node.question().isEmpty()
                && node.wakeAt().isEmpty();
    }

    /// Where a node stays that could go on but for its run.
    void park(Batch batch, int node) {
        NodeRecord record = run.graph().record(node);
        NodeRecord.Place place =
                record.place().orElse(new NodeRecord.Place(batch.now(), Optional.empty()));
        run.put(batch, node, record.inLine(NodeState.WAITING, "the run is paused", place));
    }

    void resume(Batch batch) {
        if (!run.record().holding()) {
            run.change(batch, run.record().withState(State.WAITING, ""), "run.changed");
            begin(batch, "run.changed");
            return;
        }
        run.change(batch, run.record().withMachines(), "run.changed");
        engine.poolLine.look();
        for (int node : List.copyOf(run.graph().active())) {
            if (isIdle(run.graph().record(node))) {
                run.goOn(batch, node);
            }
        }
    }

    /// Starts no more jobs, and has those that run ended.
    ///
    /// @param now without a grace
    void cancel(Batch batch, String why, boolean now) {
        if (!run.cancelling()) {
            run.change(batch, run.record().withState(State.CANCELLING, why), "run.changed");
        } else if (!now) {
            return;
        }
        for (int node : List.copyOf(run.graph().active())) {
            switch (run.graph().planned(node).action()) {
                case STEP, UNDO -> run.steps().cancel(batch, node, now);
                case CREATE, REMOVE, ALLOCATE, RELEASE, BOOT -> run.machines().cancel(batch, node);
                case GATE -> {}
            }
        }
    }

    /// Words for the reason of a pause.
    static String paused(String by, String reason) {
        return "paused by " + by + (reason.isEmpty() ? "" : ": " + Names.abbreviate(reason));
    }
}
