package dev.formwork.workflow.run;

import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The nodes of a run and what each still waits for, kept as counters, so that a node that ends
/// costs as much as it has successors and never a look at the whole run. Nodes are numbered in the
/// plan's order. Not thread-safe.
public final class RunGraph {
    private final List<PlannedNode> nodes;
    private final Map<NodeKey, Integer> numbers = new HashMap<>();
    private final NodeRecord[] records;
    private final int[][] after;
    private final int[][] afterSettled;
    private final int[][] next;
    private final int[][] nextSettled;

    /// How many of those before it are not as it needs them.
    private final int[] unmet;

    private final ArrayDeque<Integer> due = new ArrayDeque<>();
    private final TreeSet<Integer> active = new TreeSet<>();
    private final TreeSet<Integer> unsuccessful = new TreeSet<>();
    private int blocked;

    /// @param stored the nodes as they are recorded; those that are not are BLOCKED
    public RunGraph(RunId run, Plan plan, Collection<NodeRecord> stored) {
        nodes = plan.nodes();
        int size = nodes.size();
        records = new NodeRecord[size];
        for (int node = 0; node < size; node++) {
            NodeKey key = nodes.get(node).key();
            numbers.put(key, node);
            records[node] = NodeRecord.blocked(run, key);
        }
        for (NodeRecord each : stored) {
            Integer number = numbers.get(each.key());
            if (number != null) {
                records[number] = each;
            }
        }
        after = new int[size][];
        afterSettled = new int[size][];
        for (int node = 0; node < size; node++) {
            after[node] = numbers(nodes.get(node).after());
            afterSettled[node] = numbers(nodes.get(node).afterSettled());
        }
        next = reversed(after);
        nextSettled = reversed(afterSettled);
        unmet = new int[size];
        for (int node = 0; node < size; node++) {
            for (int before : after[node]) {
                unmet[node] += state(before).endedWell() ? 0 : 1;
            }
            for (int before : afterSettled[node]) {
                unmet[node] += state(before).ended() ? 0 : 1;
            }
            count(node, 1);
            if (isDue(node)) {
                due.add(node);
            }
        }
    }

    public int size() {
        return records.length;
    }

    public OptionalInt number(NodeKey key) {
        Integer number = numbers.get(key);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    public PlannedNode planned(int node) {
        return nodes.get(node);
    }

    public NodeRecord record(int node) {
        return records[node];
    }

    public NodeState state(int node) {
        return records[node].state();
    }

    /// Changes a node. Those that this frees, and the node itself where it is BLOCKED by nothing,
    /// are due.
    public void put(int node, NodeRecord record) {
        NodeState from = records[node].state();
        NodeState to = record.state();
        count(node, -1);
        records[node] = record;
        count(node, 1);
        if (from.endedWell() != to.endedWell()) {
            met(next[node], to.endedWell());
        }
        if (from.ended() != to.ended()) {
            met(nextSettled[node], to.ended());
        }
        if (isDue(node)) {
            due.add(node);
        }
    }

    private void met(int[] waiting, boolean now) {
        for (int node : waiting) {
            unmet[node] += now ? -1 : 1;
            if (isDue(node)) {
                due.add(node);
            }
        }
    }

    /// A node that is BLOCKED by nothing any more, each time another one; -1 when there is none.
    /// Whoever takes one moves it on.
    public int takeDue() {
        while (true) {
            Integer node = due.poll();
            if (node == null) {
                return -1;
            }
            if (isDue(node)) {
                return node;
            }
        }
    }

    /// Whether [#takeDue] would give one.
    public boolean anyDue() {
        while (!due.isEmpty() && !isDue(due.peek())) {
            due.remove();
        }
        return !due.isEmpty();
    }

    private boolean isDue(int node) {
        return unmet[node] == 0 && state(node) == NodeState.BLOCKED;
    }

    private void count(int node, int by) {
        NodeState state = state(node);
        if (state == NodeState.BLOCKED) {
            blocked += by;
        } else if (!state.ended()) {
            toggle(active, node, by);
        } else if (!state.endedWell()) {
            toggle(unsuccessful, node, by);
        }
    }

    private static void toggle(Set<Integer> set, int node, int by) {
        if (by > 0) {
            set.add(node);
        } else {
            set.remove(node);
        }
    }

    /// Neither BLOCKED nor ended, in the plan's order.
    public SortedSet<Integer> active() {
        return active;
    }

    /// FAILED or CANCELLED, in the plan's order.
    public SortedSet<Integer> unsuccessful() {
        return unsuccessful;
    }

    public boolean anyActive() {
        return !active.isEmpty();
    }

    public boolean allEndedWell() {
        return active.isEmpty() && unsuccessful.isEmpty() && blocked == 0;
    }

    /// Those before a node that are not yet as it needs them.
    public List<Integer> holdingUp(int node) {
        List<Integer> found = new ArrayList<>();
        for (int before : after[node]) {
            if (!state(before).endedWell()) {
                found.add(before);
            }
        }
        for (int before : afterSettled[node]) {
            if (!state(before).ended()) {
                found.add(before);
            }
        }
        return found;
    }

    /// All those before a node, of both kinds.
    public int[] before(int node) {
        int[] all = new int[after[node].length + afterSettled[node].length];
        System.arraycopy(after[node], 0, all, 0, after[node].length);
        System.arraycopy(afterSettled[node], 0, all, after[node].length, afterSettled[node].length);
        return all;
    }

    private int[] numbers(SortedSet<NodeKey> keys) {
        return keys.stream()
                .map(numbers::get)
                .filter(number -> number != null)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int[][] reversed(int[][] edges) {
        int[] degrees = new int[edges.length];
        for (int[] befores : edges) {
            for (int before : befores) {
                degrees[before]++;
            }
        }
        int[][] reversed = new int[edges.length][];
        for (int node = 0; node < edges.length; node++) {
            reversed[node] = new int[degrees[node]];
        }
        for (int node = 0; node < edges.length; node++) {
            for (int before : edges[node]) {
                reversed[before][--degrees[before]] = node;
            }
        }
        return reversed;
    }
}
