package dev.formwork.workflow.engine;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;
import dev.formwork.workflow.run.RunRecord;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Ends a run in which nothing can go on. The one place that looks at every node of it.
final class RunEnd {
    private final RunCore run;
    private final EngineState engine;

    RunEnd(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
    }

    void end(Batch batch) {
        RunGraph graph = run.graph();
        if (graph.allEndedWell()) {
            succeeded(batch, "");
        } else if (run.cancelling()) {
            explainBlocked(batch);
            end(batch, RunRecord.State.CANCELLED, run.record().reason());
        } else if (new Tolerance(run).holds()) {
            explainBlocked(batch);
            new Tolerance(run).skipBlocked(batch);
            succeeded(batch, "tolerated: " + firstFailure());
        } else {
            explainBlocked(batch);
            end(batch, RunRecord.State.FAILED, firstFailure());
        }
    }

    private void end(Batch batch, RunRecord.State state, String reason) {
        RunRecord ended = run.record().ended(state, reason, batch.now());
        run.change(batch, ended, "run.ended");
        engine.poolCleaning.ended(batch, ended, run.plan().plan().members());
        batch.effect(new Effect.RunEnded(ended.id(), ended.cluster(), state));
    }

    private String firstFailure() {
        RunGraph graph = run.graph();
        if (graph.unsuccessful().isEmpty()) {
            return "its nodes wait for one another";
        }
        List<Integer> failed =
                graph.unsuccessful().stream()
                        .filter(node -> graph.state(node) == NodeState.FAILED)
                        .toList();
        NodeRecord first =
                graph.record(failed.isEmpty() ? graph.unsuccessful().first() : failed.getFirst());
        int more = Math.max(0, failed.size() - 1);
        return first.key()
                + ": "
                + first.reason()
                + (more == 0 ? "" : " (and " + more + " more failed)");
    }

    /// Every node that stays BLOCKED names the first cause. The plan's order has causes first.
    private void explainBlocked(Batch batch) {
        RunGraph graph = run.graph();
        NodeKey[] cause = new NodeKey[graph.size()];
        for (int node = 0; node < graph.size(); node++) {
            NodeRecord record = graph.record(node);
            if (record.state() != NodeState.BLOCKED) {
                continue;
            }
            if (!record.reason().isEmpty()) {
                cause[node] = firstCause(node);
                continue;
            }
            for (int before : graph.holdingUp(node)) {
                if (cause[node] == null) {
                    cause[node] =
                            graph.state(before) == NodeState.BLOCKED
                                    ? cause[before]
                                    : graph.record(before).key();
                }
            }
            String reason =
                    cause[node] == null
                            ? "the run was cancelled before"
                            : cause[node] + " did not succeed";
            run.put(batch, node, record.to(NodeState.BLOCKED, reason));
        }
    }

    /// Of a turn that is refused: one of the failures that it is refused for may come later in the
    /// plan's order.
    private NodeKey firstCause(int node) {
        RunGraph graph = run.graph();
        Set<Integer> seen = new HashSet<>();
        int at = node;
        while (graph.state(at) == NodeState.BLOCKED && seen.add(at)) {
            at = graph.holdingUp(at).stream().filter(graph::isLost).findFirst().orElse(at);
        }
        return graph.record(at).key();
    }

    private void succeeded(Batch batch, String reason) {
        Plan plan = run.plan().plan();
        switch (plan.kind()) {
            case APPLY -> {
                Value.Struct outputs;
                try {
                    outputs = run.plan().outputs(run.world());
                } catch (ProblemException e) {
                    end(
                            batch,
                            RunRecord.State.FAILED,
                            "the outputs of the cluster: " + Words.of(e.problems()));
                    return;
                }
                forget(batch, plan);
                settle(batch, plan, outputs);
            }
            case DESTROY -> {
                forget(batch, plan);
                plan.members().forEach(member -> release(batch, member));
                batch.clusterDropped(plan.cluster());
            }
            case MODULE ->
                    plan.nodes().stream()
                            .map(PlannedNode::key)
                            .filter(key ->
                                    run.results()
                                            .find(key)
                                            .filter(it -> it.run().equals(run.record().id()))
                                            .isPresent())
                            .forEach(key -> run.results().drop(batch, key));
        }
        end(batch, RunRecord.State.SUCCEEDED, reason);
    }

    private void forget(Batch batch, Plan plan) {
        plan.forget().forEach(key -> run.results().drop(batch, key));
    }

    /// The cluster is as it was wanted: its members stand.
    private void settle(Batch batch, Plan plan, Value.Struct outputs) {
        TreeSet<String> formed = new TreeSet<>();
        for (Member member : run.members().wantedMembers()) {
            formed.add(member.group());
            run.members()
                    .wantedHost(member.name())
                    .ifPresent(host -> {
                        Machine.Placement placement =
                                new Machine.Placement(
                                        plan.cluster(), member.group(), member.ordinal(), true);
                        if (!host.machine.placement().equals(Optional.of(placement))) {
                            engine.fleet.put(batch, host, host.machine.withPlacement(placement));
                        }
                    });
        }
        plan.members().stream()
                .filter(member -> !member.wanted())
                .forEach(member -> release(batch, member));
        run.results().dropEvents(batch);
        batch.cluster(new Cluster(plan.cluster(), formed, outputs, plan.source().clusterYaml()));
    }

    /// A member that left and was not removed, since no provider made it, belongs to nobody.
    private void release(Batch batch, Member member) {
        if (member.wanted()) {
            return;
        }
        run.members()
                .leavingHost(member.name())
                .filter(host -> isStill(host.machine, member))
                .ifPresent(host -> engine.fleet.put(batch, host, host.machine.withoutPlacement()));
    }

    /// One that went back to its pool may have been given to another since.
    private boolean isStill(Machine machine, Member member) {
        return machine.placement()
                .filter(at ->
                        at.cluster().equals(run.plan().plan().cluster())
                                && at.group().equals(member.group())
                                && at.ordinal() == member.ordinal())
                .isPresent();
    }
}
