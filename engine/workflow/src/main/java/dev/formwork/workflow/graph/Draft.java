package dev.formwork.workflow.graph;

import dev.formwork.model.Problems;
import dev.formwork.workflow.membership.Member;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A graph while edges are being added to it.
final class Draft {
    /// Before the path of a step: the gate that joins all its nodes.
    static final String ALL = "all:";

    private final Map<NodeKey, Node> nodes = new TreeMap<>();

    private static final class Node {
        final Action action;
        final @Nullable StepWork work;
        final @Nullable Member member;
        final TreeSet<NodeKey> after = new TreeSet<>();
        final TreeSet<NodeKey> settled = new TreeSet<>();
        @Nullable Turn turn;

        Node(Action action, @Nullable StepWork work, @Nullable Member member) {
            this.action = action;
            this.work = work;
            this.member = member;
        }
    }

    void add(NodeKey key, Action action, @Nullable StepWork work, @Nullable Member member) {
        nodes.putIfAbsent(key, new Node(action, work, member));
    }

    boolean has(NodeKey key) {
        return nodes.containsKey(key);
    }

    /// The node with which a machine leaves: it is removed, or given back to its pool.
    NodeKey departure(String machine) {
        NodeKey release = NodeKey.of("machine:release", machine);
        return has(release) ? release : NodeKey.of("machine:remove", machine);
    }

    Set<NodeKey> keys() {
        return nodes.keySet();
    }

    /// `later` waits until `earlier` has ended well. Does nothing where one of them does not exist,
    /// or they are one.
    void order(NodeKey earlier, NodeKey later) {
        Node node = nodes.get(later);
        if (node != null && nodes.containsKey(earlier) && !earlier.equals(later)) {
            node.after.add(earlier);
        }
    }

    /// The nodes right after each, by the edges that there are now.
    Map<NodeKey, List<NodeKey>> followers() {
        Map<NodeKey, List<NodeKey>> next = new HashMap<>();
        nodes.forEach((key, node) ->
                before(node)
                        .forEach(b -> next.computeIfAbsent(b, _ -> new ArrayList<>()).add(key)));
        return next;
    }

    /// The steps that come after a node, right away or through a gate.
    Set<NodeKey> readers(NodeKey key, Map<NodeKey, List<NodeKey>> followers) {
        Set<NodeKey> found = new TreeSet<>();
        Set<NodeKey> seen = new HashSet<>(Set.of(key));
        Deque<NodeKey> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            for (NodeKey later : followers.getOrDefault(open.pop(), List.of())) {
                Action action = node(later).action;
                if (action == Action.STEP) {
                    found.add(later);
                } else if (action == Action.GATE && seen.add(later)) {
                    open.push(later);
                }
            }
        }
        return found;
    }

    /// `later` waits until `earlier` has ended in whatever way.
    void orderSettled(NodeKey earlier, NodeKey later) {
        Node node = nodes.get(later);
        if (node != null && nodes.containsKey(earlier)) {
            node.settled.add(earlier);
        }
    }

    /// A gate with which a turn begins.
    void turn(NodeKey key, Turn turn) {
        add(key, Action.GATE, null, null);
        node(key).turn = turn;
    }

    /// Joins nodes, so that many readers of many nodes make few edges.
    ///
    /// @param settled whether failures of the nodes let readers go on
    NodeKey gate(String name, Collection<NodeKey> joined, boolean settled) {
        return join(NodeKey.gate((settled ? "settled:" : ALL) + name), joined, settled);
    }

    /// The same under a key of its own.
    NodeKey join(NodeKey key, Collection<NodeKey> joined, boolean settled) {
        if (!has(key)) {
            add(key, Action.GATE, null, null);
            for (NodeKey node : joined) {
                if (settled) {
                    orderSettled(node, key);
                } else {
                    order(node, key);
                }
            }
        }
        return key;
    }

    /// @param problems gets `workflow.cycle`, with the cycle as a path
    List<GraphNode> sorted(Problems problems) {
        Map<NodeKey, Integer> waitsFor = new HashMap<>();
        Map<NodeKey, List<NodeKey>> next = followers();
        nodes.forEach((key, node) -> waitsFor.put(key, before(node).size()));
        PriorityQueue<NodeKey> free = new PriorityQueue<>();
        waitsFor.forEach((key, count) -> {
            if (count == 0) {
                free.add(key);
            }
        });
        List<GraphNode> sorted = new ArrayList<>(nodes.size());
        while (!free.isEmpty()) {
            NodeKey key = free.remove();
            sorted.add(frozen(key));
            for (NodeKey follower : next.getOrDefault(key, List.of())) {
                if (waitsFor.merge(follower, -1, Integer::sum) == 0) {
                    free.add(follower);
                }
            }
        }
        if (sorted.size() < nodes.size()) {
            problems.add(
                    null,
                    "workflow.cycle",
                    "steps wait for each other: " + cycle(waitsFor),
                    "take one of the references or `needs` away");
        }
        return sorted;
    }

    private static Set<NodeKey> before(Node node) {
        if (node.settled.isEmpty()) {
            return node.after;
        }
        Set<NodeKey> both = new HashSet<>(node.after);
        both.addAll(node.settled);
        return both;
    }

    private GraphNode frozen(NodeKey key) {
        Node node = node(key);
        return new GraphNode(
                key,
                node.action,
                node.after,
                node.settled,
                Optional.ofNullable(node.work),
                Optional.ofNullable(node.member),
                Optional.ofNullable(node.turn));
    }

    private Node node(NodeKey key) {
        Node node = nodes.get(key);
        if (node == null) {
            throw new IllegalStateException("no node " + key);
        }
        return node;
    }

    /// Goes back from a node that was never free until one comes again.
    private String cycle(Map<NodeKey, Integer> waitsFor) {
        NodeKey at =
                nodes.keySet().stream()
                        .filter(key -> waitsFor.getOrDefault(key, 0) > 0)
                        .findFirst()
                        .orElseThrow();
        Deque<NodeKey> path = new ArrayDeque<>();
        Set<NodeKey> seen = new HashSet<>();
        while (seen.add(at)) {
            path.push(at);
            at =
                    before(node(at)).stream()
                            .filter(key -> waitsFor.getOrDefault(key, 0) > 0)
                            .findFirst()
                            .orElseThrow();
        }
        NodeKey start = at;
        List<NodeKey> inCycle = new ArrayList<>();
        for (NodeKey key : path) {
            inCycle.add(key);
            if (key.equals(start)) {
                break;
            }
        }
        List<String> names = new ArrayList<>();
        inCycle.forEach(key -> addOnce(names, key));
        names.add(names.getFirst());
        return String.join(" -> ", names);
    }

    private static void addOnce(List<String> names, NodeKey key) {
        String name = key.path().substring(key.path().indexOf(':') + 1);
        if (names.isEmpty() || !names.getLast().equals(name)) {
            names.add(name);
        }
    }
}
