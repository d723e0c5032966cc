package dev.formwork.workflow.graph;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything that a cluster's wishes, members and records make necessary, in order.
///
/// @param nodes each after those it waits for; ties by key, so that the same input gives the same
///   list
/// @param undone what each UNDO node undoes
/// @param forget recorded results that are no longer wanted and have nothing to undo
public record Graph(
        List<GraphNode> nodes, Map<NodeKey, StepResult> undone, SortedSet<NodeKey> forget) {
    public Graph {
        nodes = List.copyOf(nodes);
        undone = Collections.unmodifiableMap(new TreeMap<>(undone));
        forget = Collections.unmodifiableSortedSet(new TreeSet<>(forget));
    }
}
