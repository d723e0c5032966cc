package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.Turn;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;
import dev.formwork.workflow.run.RunRecord;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/// One open run: its graph, and who carries out which kind of node.
final class RunCore {
    private final EngineState engine;
    private final CompiledPlan plan;
    private final RunGraph graph;
    private final RunResults results;
    private final RunMembers members;
    private final RunWorld world;
    private final StepNodes steps;
    private final StepReports reports;
    private final StepSuccess success;
    private final Iterations iterations;
    private final Rollbacks rollbacks;
    private final StepLosses losses;
    private final Limits limits;
    private final MachineNodes machines;
    private final PoolNodes pooled;
    private final RunPace pace;
    private RunRecord record;

    /// @param nodes as they are recorded; none of a run that begins
    RunCore(
            EngineState engine,
            RunRecord record,
            CompiledPlan plan,
            Collection<NodeRecord> nodes,
            Collection<StepResult> recorded) {
        this.engine = engine;
        this.record = record;
        this.plan = plan;
        this.graph = new RunGraph(record.id(), plan.plan(), nodes);
        this.results = new RunResults(record.id(), record.cluster(), recorded);
        this.results.recover(plan.plan().nodes());
        this.members = new RunMembers(engine.fleet, plan.plan());
        this.world = new RunWorld(graph, results, members);
        this.steps = new StepNodes(engine, this);
        this.reports = new StepReports(engine, this);
        this.success = new StepSuccess(engine, this);
        this.iterations = new Iterations(engine, this);
        this.rollbacks = new Rollbacks(this);
        this.losses = new StepLosses(engine, this);
        this.limits = new Limits(engine, this);
        this.machines = new MachineNodes(engine, this);
        this.pooled = new PoolNodes(engine, this, machines);
        this.pace = new RunPace(engine, this);
        rollbacks.recount();
        if (rollbacks.any()) {
            graph.stopAgain(node -> rollbacks.stops(graph.planned(node)));
        }
    }

    RunRecord record() {
        return record;
    }

    CompiledPlan plan() {
        return plan;
    }

    RunGraph graph() {
        return graph;
    }

    RunResults results() {
        return results;
    }

    RunMembers members() {
        return members;
    }

    RunWorld world() {
        return world;
    }

    StepNodes steps() {
        return steps;
    }

    StepReports reports() {
        return reports;
    }

    StepSuccess success() {
        return success;
    }

    Iterations iterations() {
        return iterations;
    }

    Rollbacks rollbacks() {
        return rollbacks;
    }

    Limits limits() {
        return limits;
    }

    StepLosses losses() {
        return losses;
    }

    PoolNodes pooled() {
        return pooled;
    }

    MachineNodes machines() {
        return machines;
    }

    RunPace pace() {
        return pace;
    }

    /// Names of the machines that the run changes.
    SortedSet<String> machinesChanged() {
        return pace.machines();
    }

    boolean paused() {
        return record.state() == RunRecord.State.PAUSED;
    }

    /// For what others say of it.
    String words() {
        return "run " + record.id() + " (cluster " + record.cluster() + ")";
    }

    NodeKey key(int node) {
        return graph.planned(node).key();
    }

    NodeRef ref(int node) {
        return new NodeRef(record.id(), node);
    }

    boolean cancelling() {
        return record.state() == RunRecord.State.CANCELLING;
    }

    void put(Batch batch, int node, NodeRecord next) {
        graph.put(node, next);
        if (next.state() == NodeState.FAILED) {
            rollbacks.look(node);
        }
        batch.node(next);
    }

    void end(Batch batch, int node, NodeState state, String reason) {
        put(batch, node, graph.record(node).ended(state, reason, batch.now()));
    }

    void fail(Batch batch, int node, String code, String reason) {
        put(batch, node, graph.record(node).failed(code, reason, batch.now()));
    }

    void ask(Batch batch, int node, Question question, String reason) {
        put(batch, node, graph.record(node).asking(question, reason));
    }

    void change(Batch batch, RunRecord next, String event) {
        record = next;
        batch.run(next, event);
    }

    /// Moves on whatever is blocked by nothing any more, and ends the run where nothing is left
    /// that could go on. Called at the end of everything that changes a node.
    void proceed(Batch batch) {
        if (record.state().ended()) {
            return;
        }
        while (pace.goesOn()) {
            int node = graph.takeDue();
            if (node < 0) {
                break;
            }
            if (engine.safeguards.frees(graph.planned(node).key())) {
                unblocked(batch, node);
            }
        }
        if (!graph.anyActive() && pace.mayEnd()) {
            new RunEnd(engine, this).end(batch);
            engine.dismiss(batch, this);
        }
    }

    private void unblocked(Batch batch, int node) {
        if (rollbacks.stops(graph.planned(node))) {
            graph.stop(node);
            String why = "what its workflow has done is being undone";
            put(batch, node, graph.record(node).to(NodeState.BLOCKED, why));
            return;
        }
        switch (graph.planned(node).action()) {
            case GATE -> gate(batch, node);
            case STEP -> {
                if (!limits.refuses(batch, node)) {
                    steps.unblocked(batch, node);
                }
            }
            case UNDO -> steps.unblocked(batch, node);
            case CREATE -> machines.create(batch, node);
            case ALLOCATE -> pooled.allocate(batch, node);
            case RELEASE -> pooled.release(batch, node);
            case BOOT -> machines.boot(batch, node);
            case REMOVE -> machines.remove(batch, node);
        }
    }

    private void gate(Batch batch, int node) {
        if (graph.isRefused(node)) {
            graph.hold(node);
            put(batch, node, graph.record(node).to(NodeState.BLOCKED, refusal(node)));
        } else {
            end(batch, node, NodeState.SUCCEEDED, "");
        }
    }

    private String refusal(int turn) {
        Turn of = graph.planned(turn).turn().orElseThrow();
        return "no other machine begins "
                + of.step()
                + ": "
                + graph.failedTurns(turn).size()
                + " failed, and max_failures is "
                + of.maxFailures();
    }

    /// A delay or a deadline of a node may be over.
    void wake(Batch batch, int node) {
        NodeRecord now = graph.record(node);
        boolean due = now.wakeAt().filter(at -> !at.isAfter(batch.now())).isPresent();
        if (!due || now.question().isPresent() || now.state().ended()) {
            return;
        }
        if (now.state() == NodeState.WAITING) {
            goOn(batch, node);
        } else if (graph.planned(node).action() == Action.BOOT) {
            machines.bootOverdue(batch, node);
        } else if (limits.isClock(node)) {
            limits.strike(batch, node);
        }
    }

    /// Nothing but its run keeps a node that waits.
    void goOn(Batch batch, int node) {
        if (paused()) {
            pace.park(batch, node);
            return;
        }
        switch (graph.planned(node).action()) {
            case STEP, UNDO -> steps.enqueue(batch, node);
            case CREATE -> machines.createFurther(batch, node);
            case REMOVE -> machines.remove(batch, node);
            case ALLOCATE -> pooled.allocate(batch, node);
            case BOOT, RELEASE, GATE -> {}
        }
    }

    /// Takes up every node that was neither BLOCKED nor ended when the engine went down.
    void recover(Batch batch) {
        limits.recover();
        for (int node : List.copyOf(graph.active())) {
            NodeRecord now = graph.record(node);
            if (now.question().isPresent()) {
                continue;
            }
            now.wakeAt().ifPresent(at -> engine.timers.set(at, new Timers.Timer.Wake(ref(node))));
            boolean delayed = now.state() == NodeState.WAITING && now.wakeAt().isPresent();
            switch (graph.planned(node).action()) {
                case STEP, UNDO -> {
                    if (!delayed) {
                        steps.recover(batch, node);
                    }
                }
                case ALLOCATE -> pooled.recover(batch, node);
                case CREATE, REMOVE, BOOT, RELEASE ->
                        machines.recover(batch, node, now.state() == NodeState.WAITING);
                case GATE -> end(batch, node, NodeState.SUCCEEDED, "");
            }
        }
    }

    /// Has nodes that failed or were cancelled try again.
    void retry(Batch batch, Collection<Integer> nodes) {
        boolean hadEnded = record.state().ended();
        if (hadEnded) {
            record = record.reopened(batch.now());
            pace.begin(batch, "run.changed");
            for (int node = 0; node < graph.size(); node++) {
                NodeRecord now = graph.record(node);
                if (now.state() == NodeState.BLOCKED && !now.reason().isEmpty()) {
                    put(batch, node, now.to(NodeState.BLOCKED, ""));
                }
            }
        }
        rollbacks.repeatHalfUndone(batch);
        for (int node : nodes) {
            put(batch, node, graph.record(node).to(NodeState.BLOCKED, ""));
        }
        rollbacks.recount();
        graph.releaseStopped();
        for (int node : graph.aftermath()) {
            if (graph.state(node).endedWell() && !graph.anyActiveAfter(node)) {
                put(batch, node, graph.record(node).to(NodeState.BLOCKED, ""));
            }
        }
        limits.reset(batch, hadEnded);
        closeGates(batch);
        if (hadEnded) {
            graph.reopenTurns();
        }
        beginTurnsAnew(batch);
    }

    /// Has a node count as skipped, and what it kept up goes on.
    void skip(Batch batch, int node, String why) {
        steps.leaveLine(batch, node);
        end(batch, node, NodeState.SKIPPED, why);
        rollbacks.recount();
        beginTurnsAnew(batch);
    }

    private void beginTurnsAnew(Batch batch) {
        for (int turn : graph.takeReopened()) {
            put(batch, turn, graph.record(turn).to(NodeState.BLOCKED, ""));
        }
    }

    /// What was undone has to be done again before those go on that wait for all of it.
    private void closeGates(Batch batch) {
        // In the plan's order: a gate may stand behind another.
        for (int node = 0; node < graph.size(); node++) {
            PlannedNode planned = graph.planned(node);
            boolean open =
                    planned.action() == Action.GATE
                            && planned.turn().isEmpty()
                            && graph.state(node).endedWell();
            if (open && !graph.holdingUp(node).isEmpty()) {
                put(batch, node, graph.record(node).to(NodeState.BLOCKED, ""));
            }
        }
    }

    Optional<Integer> number(NodeKey key) {
        var number = graph.number(key);
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }
}
