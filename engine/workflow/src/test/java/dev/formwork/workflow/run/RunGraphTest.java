package dev.formwork.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.graph.Turn;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The counters say what a look at the whole graph would.
class RunGraphTest {
    private static final RunId RUN = new RunId("r-1");

    @Property(tries = 300)
    void whateverHappensDueIsWhatNothingBlocks(@ForAll long seed) {
        Random random = new Random(seed);
        Plan plan = plan(random);
        RunGraph graph = new RunGraph(RUN, plan, List.of());
        for (int step = 0; step < 60 && graph.size() > 0; step++) {
            Set<Integer> due = new HashSet<>();
            for (int node = graph.takeDue(); node >= 0; node = graph.takeDue()) {
                assertThat(due.add(node)).isTrue();
                if (graph.isRefused(node)) {
                    graph.hold(node);
                } else {
                    graph.put(node, graph.record(node).to(NodeState.READY, ""));
                }
            }
            for (int node = 0; node < graph.size(); node++) {
                if (graph.state(node) == NodeState.BLOCKED) {
                    assertThat(graph.holdingUp(node)).as("node " + node).isNotEmpty();
                }
            }
            compare(graph, reloaded(plan, graph));
            NodeState[] states = NodeState.values();
            int chosen = random.nextInt(graph.size());
            NodeState next = states[random.nextInt(states.length)];
            if (graph.state(chosen) != NodeState.BLOCKED) {
                graph.put(chosen, graph.record(chosen).to(next, ""));
            }
        }
    }

    private static RunGraph reloaded(Plan plan, RunGraph graph) {
        List<NodeRecord> stored = new ArrayList<>();
        for (int node = 0; node < graph.size(); node++) {
            stored.add(graph.record(node));
        }
        return new RunGraph(RUN, plan, stored);
    }

    private static void compare(RunGraph graph, RunGraph reloaded) {
        assertThat(reloaded.active()).isEqualTo(graph.active());
        assertThat(reloaded.unsuccessful()).isEqualTo(graph.unsuccessful());
        assertThat(reloaded.allEndedWell()).isEqualTo(graph.allEndedWell());
        boolean turns = false;
        for (int node = 0; node < graph.size(); node++) {
            turns |= graph.planned(node).turn().isPresent();
        }
        // A turn that is held stays so, also when what it waited for is tried again.
        for (int node = 0; node < graph.size() && !turns; node++) {
            assertThat(reloaded.isLost(node)).as("lost " + node).isEqualTo(graph.isLost(node));
        }
    }

    private static Plan plan(Random random) {
        List<PlannedNode> nodes = new ArrayList<>();
        List<NodeKey> keys = new ArrayList<>();
        int size = random.nextInt(12);
        for (int i = 0; i < size; i++) {
            SortedSet<NodeKey> after = some(keys, random);
            SortedSet<NodeKey> settled = some(keys, random);
            NodeKey key = NodeKey.of("s" + i, "a");
            NodeKey turn = NodeKey.of("turn:s" + i, "a");
            if (random.nextInt(3) == 0) {
                nodes.add(turn(turn, key, random));
                keys.add(turn);
                after.add(turn);
            }
            nodes.add(
                    new PlannedNode(
                            key,
                            Action.STEP,
                            Decision.WILL_RUN,
                            "",
                            Set.of(),
                            after,
                            settled,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
            keys.add(key);
        }
        return new Plan(
                "demo",
                Plan.Kind.APPLY,
                new Plan.Source("", List.of(), new TreeMap<>(), Pinned.NOTHING),
                List.of(),
                nodes,
                new TreeSet<>());
    }

    private static PlannedNode turn(NodeKey key, NodeKey end, Random random) {
        return new PlannedNode(
                key,
                Action.GATE,
                Decision.WILL_RUN,
                "",
                Set.of(),
                new TreeSet<>(),
                new TreeSet<>(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Turn("s", 1 + random.nextInt(2), random.nextInt(2), end)));
    }

    private static SortedSet<NodeKey> some(List<NodeKey> keys, Random random) {
        TreeSet<NodeKey> some = new TreeSet<>(keys);
        some.removeIf(_ -> random.nextInt(3) > 0);
        return some;
    }
}
