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
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The nodes of a run and what each still waits for, kept as counters, so that a node that ends
/// costs as much as it has successors and never a look at the whole run. Nodes are numbered in the
/// plan's order. Not thread-safe.
///
/// A BLOCKED node is *lost* when something it must come after has failed, or is lost: it will not
/// run unless a person helps. To whoever only waits until it has ended, it has.
public final class RunGraph {
    private static final int[] NONE = {};

    private final List<PlannedNode> nodes;
    private final Map<NodeKey, Integer> numbers = new HashMap<>();
    private final NodeRecord[] records;
    private final int[][] after;
    private final int[][] afterSettled;
    private final int[][] next;
    private final int[][] nextSettled;

    /// How many of those before it are not as it needs them.
    private final int[] unmet;

    /// How many of those that have to end well before it are lost.
    private final int[] lostBefore;

    private final Turns turns;
    private final ArrayDeque<Integer> touched = new ArrayDeque<>();
    private final TreeSet<Integer> stopped = new TreeSet<>();
    private final TreeSet<Integer> reopened = new TreeSet<>();
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
        lostBefore = new int[size];
        turns = new Turns(nodes, key -> number(key).orElseThrow());
        for (int node = 0; node < size; node++) {
            for (int before : after[node]) {
                unmet[node] += state(before).endedWell() ? 0 : 1;
                lostBefore[node] += isLost(before) ? 1 : 0;
            }
            for (int before : afterSettled[node]) {
                unmet[node] += isSettled(before) ? 0 : 1;
            }
            count(node, 1);
            if (isDue(node)) {
                due.add(node);
            }
        }
        for (int node = 0; node < size; node++) {
            countTurns(node);
        }
        countTouchedTurns();
        restoreHolds();
    }

    /// Turns that were kept from beginning are so again, and what stands behind them is lost.
    private void restoreHolds() {
        List<Integer> refused;
        do {
            refused = due.stream().filter(node -> isDue(node) && isRefused(node)).toList();
            refused.forEach(this::hold);
        } while (!refused.isEmpty());
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
        boolean wasLost = isLost(node);
        boolean wasSettled = isSettled(node);
        count(node, -1);
        records[node] = record;
        count(node, 1);
        if (from.endedWell() != to.endedWell()) {
            met(next[node], to.endedWell());
            touched.add(node);
        }
        spread(node, wasLost, wasSettled);
        countTouchedTurns();
        if (isDue(node)) {
            due.add(node);
        }
    }

    /// Tells those behind a node that it is lost, or no longer: each node once.
    private void spread(int first, boolean wasLost, boolean wasSettled) {
        if (isSettled(first) != wasSettled) {
            met(nextSettled[first], !wasSettled);
        }
        ArrayDeque<Integer> open = new ArrayDeque<>();
        if (isLost(first) != wasLost) {
            open.add(first);
        }
        while (!open.isEmpty()) {
            int node = open.remove();
            touched.add(node);
            for (int later : next[node]) {
                boolean before = isLost(later);
                lostBefore[later] += isLost(node) ? 1 : -1;
                if (isLost(later) != before) {
                    met(nextSettled[later], !before);
                    open.add(later);
                }
            }
        }
    }

    /// Only when all is told that a change means: what this lets go is another change.
    private void countTouchedTurns() {
        for (Integer node = touched.poll(); node != null; node = touched.poll()) {
            countTurns(node);
        }
    }

    /// A node that begins or ends turns has changed.
    private void countTurns(int node) {
        for (int turn : turns.of(node)) {
            Turns.Line line = turns.line(turn);
            if (line == null) {
                continue;
            }
            int end = turns.end(turn);
            boolean begun = state(turn).endedWell();
            toggle(line.running, turn, begun && !isSettled(end) ? 1 : -1);
            if (begun && isLost(end)) {
                line.failed.add(turn);
            } else if (line.failed.remove(turn) && begun && !state(end).endedWell()) {
                reopened.add(turn);
            }
            if (!line.isOver()) {
                List.copyOf(line.held).forEach(this::release);
            }
            if (!line.isFull() || line.isOver()) {
                due.addAll(line.waiting);
                line.waiting.clear();
            }
        }
    }

    /// The nodes that are there only for what fails: decided on anew when something is tried again.
    public int[] aftermath() {
        return IntStream.range(0, nodes.size()).filter(this::isAftermath).toArray();
    }

    /// Whether something right after a node goes on already.
    public boolean anyActiveAfter(int node) {
        return IntStream.of(next[node]).anyMatch(active::contains);
    }

    private boolean isAftermath(int node) {
        return isForFailures(nodes.get(node).key())
                || nodes.get(node).after().stream().anyMatch(RunGraph::isForFailures);
    }

    private static boolean isForFailures(NodeKey key) {
        return key.path().startsWith("handled:")
                || key.path().startsWith("ended:")
                || key.path().startsWith("rollback:")
                || key.limited().isPresent();
    }

    /// Where nothing of the run goes on: every turn that came to no good end has to begin anew.
    public void reopenTurns() {
        for (int node = 0; node < nodes.size(); node++) {
            boolean begun = turns.line(node) != null && state(node).endedWell();
            if (begun && !state(turns.end(node)).endedWell()) {
                reopened.add(node);
            }
        }
    }

    /// Turns that had failed, and of which something is tried again: they have to begin anew.
    public List<Integer> takeReopened() {
        List<Integer> taken = List.copyOf(reopened);
        reopened.clear();
        return taken;
    }

    /// Whether a turn may not begin since too many of the others have failed.
    public boolean isRefused(int turn) {
        Turns.Line line = turns.line(turn);
        return line != null && line.isOver();
    }

    /// Keeps a turn that is due from beginning, until fewer of the others have failed.
    public void hold(int turn) {
        Turns.Line line = turns.line(turn);
        if (line != null && line.held.add(turn)) {
            spread(turn, false, false);
            countTouchedTurns();
        }
    }

    /// Keeps a node that is due from beginning, until [#releaseStopped].
    public void stop(int node) {
        if (stopped.add(node)) {
            spread(node, false, false);
            countTouchedTurns();
        }
    }

    public boolean isStopped(int node) {
        return stopped.contains(node);
    }

    /// Stops what is due and was stopped before the engine went down, or the run ended.
    public void stopAgain(IntPredicate wasStopped) {
        List<Integer> found;
        do {
            found = due.stream().filter(node -> isDue(node) && wasStopped.test(node)).toList();
            found.forEach(this::stop);
        } while (!found.isEmpty());
    }

    /// Lets go of all that was stopped.
    public void releaseStopped() {
        List<Integer> held = List.copyOf(stopped);
        stopped.clear();
        for (int node : held) {
            spread(node, true, true);
            if (isDue(node)) {
                due.add(node);
            }
        }
        countTouchedTurns();
    }

    private void release(int turn) {
        Turns.Line line = turns.line(turn);
        if (line != null && line.held.remove(turn)) {
            spread(turn, true, true);
            if (isDue(turn)) {
                due.add(turn);
            }
        }
    }

    /// The turns whose failure keeps one from beginning; their ends are lost or have failed.
    public List<Integer> failedTurns(int turn) {
        Turns.Line line = turns.line(turn);
        return line == null ? List.of() : line.failed.stream().map(turns::end).toList();
    }

    private boolean isHeld(int node) {
        Turns.Line line = turns.line(node);
        return stopped.contains(node) || (line != null && line.held.contains(node));
    }

    /// Will not end well unless a person helps.
    public boolean isLost(int node) {
        NodeState state = state(node);
        return state == NodeState.BLOCKED
                ? lostBefore[node] > 0 || isHeld(node)
                : state.ended() && !state.endedWell();
    }

    private boolean isSettled(int node) {
        return state(node).ended() || isLost(node);
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
            if (isNext(node)) {
                return node;
            }
        }
    }

    private boolean isNext(int node) {
        return isDue(node) && !isFull(node);
    }

    private boolean isFull(int node) {
        Turns.Line line = turns.line(node);
        if (line == null || line.isOver() || !line.isFull()) {
            return false;
        }
        line.waiting.add(node);
        return true;
    }

    /// Whether [#takeDue] would give one.
    public boolean anyDue() {
        while (!due.isEmpty() && !isNext(due.peek())) {
            due.remove();
        }
        return !due.isEmpty();
    }

    private boolean isDue(int node) {
        return unmet[node] == 0 && state(node) == NodeState.BLOCKED && !isHeld(node);
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

    /// Those before a node that are not yet as it needs them; for a turn that is refused, those
    /// that failed; for one that waits for its turn, those that run.
    public List<Integer> holdingUp(int node) {
        List<Integer> found = new ArrayList<>(isHeld(node) ? failedTurns(node) : List.of());
        found.addAll(turns.awaited(node));
        for (int before : after[node]) {
            if (!state(before).endedWell()) {
                found.add(before);
            }
        }
        for (int before : afterSettled[node]) {
            if (!isSettled(before)) {
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
        return keys.isEmpty()
                ? NONE
                : keys.stream()
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
            reversed[node] = degrees[node] == 0 ? NONE : new int[degrees[node]];
        }
        for (int node = 0; node < edges.length; node++) {
            for (int before : edges[node]) {
                reversed[before][--degrees[before]] = node;
            }
        }
        return reversed;
    }
}
