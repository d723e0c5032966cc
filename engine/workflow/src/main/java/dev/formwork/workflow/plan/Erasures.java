package dev.formwork.workflow.plan;

import dev.formwork.model.module.Effect;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Task;
import dev.formwork.workflow.graph.GraphNode;
import dev.formwork.workflow.graph.NodeKey;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which steps come after one that erases their machine: what was done there before counts no more.
final class Erasures {
    private final List<GraphNode> nodes;
    private final Map<NodeKey, Decision> before = new HashMap<>();

    /// Made when it is needed: few plans erase anything.
    private final Map<NodeKey, List<NodeKey>> next = new HashMap<>();

    Erasures(List<GraphNode> nodes) {
        this.nodes = nodes;
    }

    /// WILL_RUN where the machine of a step is erased before it, MAY_RUN where it may be.
    Optional<Decision> before(NodeKey key) {
        return Optional.ofNullable(before.get(key));
    }

    /// To be told of each decision in the order of the graph.
    void decided(PlannedNode node, Task task) {
        boolean runs = node.decision() == Decision.WILL_RUN || node.decision() == Decision.MAY_RUN;
        Optional<String> machine = node.key().machine();
        if (!runs || !task.effects().contains(Effect.ERASE) || machine.isEmpty()) {
            return;
        }
        // One whose check holds erases nothing.
        boolean certain =
                node.decision() == Decision.WILL_RUN && task.repeat() != Repeat.VERIFY_FIRST;
        for (NodeKey later : after(node.key())) {
            if (later.machine().equals(machine)) {
                before.merge(
                        later,
                        certain ? Decision.WILL_RUN : Decision.MAY_RUN,
                        (one, other) -> one == Decision.WILL_RUN ? one : other);
            }
        }
    }

    private Set<NodeKey> after(NodeKey key) {
        if (next.isEmpty()) {
            for (GraphNode node : nodes) {
                node.after().forEach(earlier -> link(earlier, node.key()));
                node.afterSettled().forEach(earlier -> link(earlier, node.key()));
            }
        }
        Set<NodeKey> found = new HashSet<>();
        Deque<NodeKey> open = new ArrayDeque<>(List.of(key));
        while (!open.isEmpty()) {
            for (NodeKey later : next.getOrDefault(open.pop(), List.of())) {
                if (found.add(later)) {
                    open.push(later);
                }
            }
        }
        return found;
    }

    private void link(NodeKey earlier, NodeKey later) {
        next.computeIfAbsent(earlier, _ -> new ArrayList<>()).add(later);
    }
}
