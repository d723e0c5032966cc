package dev.formwork.server.run;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.server.plan.CompiledPlans;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads runs and their nodes as people see them: in the plan's order, without its gates.
/// Thread-safe.
public final class RunReader {
    private final Store store;
    private final CompiledPlans plans;

    public RunReader(Store store, CompiledPlans plans) {
        this.store = store;
        this.plans = plans;
    }

    List<RunView> list(Optional<String> cluster, int limit) {
        return store.runs(cluster, limit).stream().map(RunView::of).toList();
    }

    /// @throws ProblemException `run.unknown`
    RunView show(String id) {
        RunRecord run = require(id);
        return RunView.of(run, shown(run).stream().map(Shown::node).toList());
    }

    /// @throws ProblemException `run.unknown`
    List<NodeView> nodes(String id, Collection<String> states) {
        return shown(require(id)).stream()
                .filter(each -> states.isEmpty() || states.contains(each.node().state().word()))
                .map(each -> NodeView.of(each.node(), each.planned()))
                .toList();
    }

    /// @throws ProblemException `run.unknown`, `node.unknown`, `node.bad-key`
    NodeView node(String id, String key) {
        Shown shown = requireNode(require(id), key);
        return NodeView.of(shown.node(), shown.planned());
    }

    /// @throws ProblemException `run.unknown`
    public RunRecord require(String id) {
        return find(id).orElseThrow(() ->
                ProblemException.of(
                        "run.unknown",
                        "there is no run " + Names.abbreviate(id),
                        "`formwork runs` lists them"));
    }

    /// @throws ProblemException `node.unknown`, `node.bad-key`
    Shown requireNode(RunRecord run, String key) {
        NodeKey wanted = NodeKey.parse(key);
        List<Shown> all = shown(run);
        return all.stream()
                .filter(each -> each.node().key().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.of(
                                "node.unknown",
                                "run " + run.id() + " has no node " + Names.abbreviate(key),
                                Names.nearest(
                                                key,
                                                all.stream()
                                                        .map(each -> each.node().key().toString())
                                                        .toList())
                                        .map("did you mean %s?"::formatted)
                                        .orElse("`formwork status` shows its nodes")));
    }

    private Optional<RunRecord> find(String id) {
        try {
            return store.run(new RunId(id));
        } catch (ProblemException _) {
            return Optional.empty(); // No run has such an id.
        }
    }

    private List<Shown> shown(RunRecord run) {
        Map<NodeKey, NodeRecord> records = new HashMap<>();
        store.nodes(run.id()).forEach(node -> records.put(node.key(), node));
        List<Shown> shown = new ArrayList<>();
        for (PlannedNode planned : plans.plan(run.planDigest()).nodes()) {
            if (planned.action() != Action.GATE) {
                NodeRecord record = records.get(planned.key());
                shown.add(
                        new Shown(
                                record == null
                                        ? NodeRecord.blocked(run.id(), planned.key())
                                        : record,
                                planned));
            }
        }
        return shown;
    }

    /// A node of a run with what its plan says of it.
    record Shown(NodeRecord node, PlannedNode planned) {}
}
