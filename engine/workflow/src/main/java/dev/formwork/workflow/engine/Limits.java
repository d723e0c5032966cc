package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The workflows of a run that may take only so long (`timeout`). The clock of each is its
/// `within:` node: that says until when from the first of the workflow's steps on, and, where the
/// time is over, that it is. Then what runs is ended, and what has not begun fails.
final class Limits {
    static final String CODE = "workflow.timeout";

    private final EngineState engine;
    private final RunCore run;
    private final List<Integer> clocks = new ArrayList<>();

    /// The clocks that a step runs against, the innermost first.
    private final Map<NodeKey, List<Integer>> against = new HashMap<>();

    Limits(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
        for (int node = 0; node < graph().size(); node++) {
            if (graph().planned(node).key().limited().isPresent()) {
                clocks.add(node);
                for (NodeKey step : graph().planned(node).afterSettled()) {
                    against.computeIfAbsent(step, _ -> new ArrayList<>()).add(node);
                }
            }
        }
    }

    private RunGraph graph() {
        return run.graph();
    }

    /// Sets the clocks that went when the engine went down.
    void recover() {
        for (int clock : clocks) {
            if (!graph().state(clock).ended()) {
                graph().record(clock).wakeAt().ifPresent(at -> watch(clock, at));
            }
        }
    }

    private void watch(int clock, Instant at) {
        engine.timers.set(at, new Timers.Timer.Wake(run.ref(clock)));
    }

    /// A step may begin, unless its time is over: then it has failed.
    boolean refuses(Batch batch, int node) {
        for (int clock : clocks(node)) {
            NodeRecord record = graph().record(clock);
            if (isOver(record)) {
                run.fail(batch, node, CODE, record.reason());
                return true;
            }
            if (record.state() == NodeState.BLOCKED && record.wakeAt().isEmpty()) {
                Instant at = batch.now().plus(most(clock));
                String why = "its steps have until " + at;
                run.put(batch, clock, record.to(NodeState.BLOCKED, why).withWakeAt(at));
                watch(clock, at);
            }
        }
        return false;
    }

    private List<Integer> clocks(int node) {
        return clocks.isEmpty()
                ? List.of()
                : against.getOrDefault(graph().planned(node).key(), List.of());
    }

    private Duration most(int clock) {
        return run.plan().limit(workflow(clock)).orElseThrow();
    }

    private String workflow(int clock) {
        return graph().planned(clock).key().limited().orElseThrow();
    }

    private static boolean isOver(NodeRecord clock) {
        return clock.code().filter(CODE::equals).isPresent();
    }

    /// Fails a node whose job was ended since its time is over.
    ///
    /// @return whether it is one
    boolean fails(Batch batch, int node) {
        NodeRecord record = graph().record(node);
        boolean over = record.code().filter(CODE::equals).isPresent();
        if (over) {
            run.fail(batch, node, CODE, record.reason());
        }
        return over;
    }

    /// The time of a workflow is over.
    void strike(Batch batch, int clock) {
        if (run.cancelling()) {
            return;
        }
        String name = workflow(clock).isEmpty() ? "its workflow" : workflow(clock);
        String why = name + " took longer than " + most(clock).toSeconds() + " s";
        NodeRecord record = graph().record(clock);
        run.put(batch, clock, record.to(NodeState.BLOCKED, why).withCode(CODE));
        BitSet goingOn = new BitSet();
        for (int node = 0; node < graph().size(); node++) {
            boolean own = clocks(node).contains(clock);
            if (graph().state(node) != NodeState.BLOCKED) {
                goingOn.set(node, own && !graph().state(node).ended() && !ends(batch, node, why));
            } else if (!graph().isLost(node)) {
                boolean behind = false;
                for (int before : graph().before(node)) {
                    behind |= goingOn.get(before);
                }
                goingOn.set(node, behind);
                if (own && !behind) {
                    run.fail(batch, node, CODE, why);
                }
            }
        }
    }

    /// Ends what a step does.
    ///
    /// @return whether it has ended at once
    private boolean ends(Batch batch, int node, String why) {
        OpenJob job = engine.jobs.of(run.ref(node));
        if (job == null) {
            run.steps().leaveLine(batch, node);
            run.fail(batch, node, CODE, why);
            return true;
        }
        if (job.state() == JobRecord.State.REBOOTING) {
            engine.close(batch, job, false);
            run.put(batch, node, graph().record(node).fenced().failed(CODE, why, batch.now()));
            return true;
        }
        engine.jobs.cancel(batch, job, false);
        run.put(batch, node, graph().record(node).to(NodeState.RUNNING, why).withCode(CODE));
        return false;
    }

    /// Something is tried again: that has the whole time anew.
    ///
    /// @param hadEnded nothing of the run went on
    void reset(Batch batch, boolean hadEnded) {
        for (int clock : clocks) {
            NodeRecord record = graph().record(clock);
            if (hadEnded || record.state().ended() || isOver(record)) {
                run.put(batch, clock, record.to(NodeState.BLOCKED, ""));
            }
        }
    }

    boolean isClock(int node) {
        return graph().planned(node).action() == Action.GATE && clocks.contains(node);
    }
}
