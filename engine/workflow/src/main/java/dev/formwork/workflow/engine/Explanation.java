package dev.formwork.workflow.engine;

import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunGraph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Follows what a node waits for to the first causes.
final class Explanation {
    /// More would help nobody.
    private static final int MOST = 50;

    private static final int MOST_BESIDE = 5;

    private final RunGraph graph;
    private final Function<NodeRecord, String> reason;
    private final BiFunction<NodeRecord, Integer, List<Cause>> behind;
    private final List<Cause> chain = new ArrayList<>();
    private final Set<Integer> seen = new HashSet<>();

    /// @param reason of a node that is not BLOCKED, as things are now
    /// @param behind the links behind a node, by its depth, that are no nodes before it
    Explanation(
            RunGraph graph,
            Function<NodeRecord, String> reason,
            BiFunction<NodeRecord, Integer, List<Cause>> behind) {
        this.graph = graph;
        this.reason = reason;
        this.behind = behind;
    }

    /// The node first; at most 50 links.
    List<Cause> of(int node) {
        follow(node);
        return chain;
    }

    private record Step(int node, int depth) {}

    private void follow(int first) {
        ArrayList<Step> open = new ArrayList<>(List.of(new Step(first, 0)));
        while (!open.isEmpty() && chain.size() < MOST) {
            Step step = open.removeLast();
            if (!seen.add(step.node)) {
                continue;
            }
            NodeRecord record = graph.record(step.node);
            if (record.state() != NodeState.BLOCKED) {
                chain.add(Cause.of(step.depth, record, reason.apply(record)));
                chain.addAll(behind.apply(record, step.depth));
                continue;
            }
            List<Integer> before = new ArrayList<>(graph.holdingUp(step.node));
            if (before.isEmpty()) {
                String own = record.reason();
                chain.add(
                        Cause.of(
                                step.depth,
                                record,
                                own.isEmpty() ? "its run does not go on" : own));
                chain.addAll(behind.apply(record, step.depth));
                continue;
            }
            before.sort(Comparator.comparingInt(this::interest).thenComparing(it -> it));
            String why = record.reason().isEmpty() ? waitsFor(before) : record.reason();
            chain.add(Cause.of(step.depth, record, why));
            before.reversed().forEach(next -> open.add(new Step(next, step.depth + 1)));
        }
    }

    private String waitsFor(List<Integer> before) {
        List<String> names =
                before.stream()
                        .limit(MOST_BESIDE)
                        .map(node -> graph.record(node).key().toString())
                        .toList();
        int more = before.size() - names.size();
        return "waits for " + String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
    }

    /// What ends badly or stands still comes before what goes on.
    private int interest(int node) {
        return switch (graph.state(node)) {
            case FAILED, CANCELLED -> 0;
            case WAITING -> 1;
            case RUNNING, READY -> 2;
            case BLOCKED -> 3;
            case SUCCEEDED, UNCHANGED, SKIPPED -> 4;
        };
    }
}
