package dev.formwork.workflow.run;

import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Turn;
import dev.formwork.workflow.plan.PlannedNode;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/// The turns of a run's steps with a `strategy`: how many of each step's run and have failed, and
/// which may not begin for that. A turn has failed when it began and its end can't end well any
/// more. Numbers are those of a [RunGraph]. Not thread-safe.
final class Turns {
    /// Those of one step.
    static final class Line {
        final String step;
        final int maxParallel;
        final int maxFailures;
        final TreeSet<Integer> running = new TreeSet<>();
        final TreeSet<Integer> failed = new TreeSet<>();

        /// Turns that nothing but the failures of others keeps from beginning.
        final TreeSet<Integer> held = new TreeSet<>();

        /// Turns that nothing but the number of those that run keeps from beginning: only a retry
        /// makes some, since the plan's order has each wait for an earlier one.
        final TreeSet<Integer> waiting = new TreeSet<>();

        private Line(Turn turn) {
            step = turn.step();
            maxParallel = turn.maxParallel();
            maxFailures = turn.maxFailures();
        }

        boolean isOver() {
            return failed.size() > maxFailures;
        }

        boolean isFull() {
            return running.size() >= maxParallel;
        }
    }

    private final Map<Integer, Line> lines = new HashMap<>();
    private final Map<Integer, Integer> ends = new HashMap<>();
    private final Map<Integer, TreeSet<Integer>> byEnd = new HashMap<>();

    Turns(List<PlannedNode> nodes, ToIntFunction<NodeKey> numbers) {
        Map<String, Line> byStep = new HashMap<>();
        for (int node = 0; node < nodes.size(); node++) {
            if (nodes.get(node).turn().isPresent()) {
                Turn turn = nodes.get(node).turn().get();
                int end = numbers.applyAsInt(turn.end());
                lines.put(node, byStep.computeIfAbsent(turn.step(), _ -> new Line(turn)));
                ends.put(node, end);
                byEnd.computeIfAbsent(end, _ -> new TreeSet<>()).add(node);
            }
        }
    }

    /// That of a turn; null for any other node.
    @Nullable Line line(int turn) {
        return lines.get(turn);
    }

    int end(int turn) {
        return ends.getOrDefault(turn, turn);
    }

    /// The ends of those that a turn waits for since there is no room for another.
    List<Integer> awaited(int turn) {
        Line line = lines.get(turn);
        return line == null || !line.waiting.contains(turn)
                ? List.of()
                : line.running.stream().map(this::end).toList();
    }

    /// The turns that a node begins or ends.
    Iterable<Integer> of(int node) {
        return lines.containsKey(node) ? List.of(node) : byEnd.getOrDefault(node, new TreeSet<>());
    }
}
