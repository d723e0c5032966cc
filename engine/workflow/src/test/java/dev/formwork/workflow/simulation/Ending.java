package dev.formwork.workflow.simulation;

import dev.formwork.workflow.engine.FakePlan;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.InMemoryStore;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/// What people see of a world in the end, without what depends on the way there.
final class Ending {
    private record Place(String plan, NodeKey node) {}

    private final Scenario scenario;
    private final SimulatedStore store;
    private final InMemoryStore contents;

    Ending(Simulation world) {
        this.scenario = world.scenario();
        this.store = world.store();
        this.contents = store.contents();
    }

    /// How two worlds end that began alike.
    ///
    /// @param differences where they do not end as they must
    /// @param nodes of all their plans
    /// @param apart nodes that need not end alike: somebody had one left out in one of the worlds,
    ///   or its failure was tolerated, or it comes after such a one
    record Comparison(List<String> differences, int nodes, int apart) {}

    Comparison with(Ending other) {
        Set<Place> apart = new HashSet<>();
        int nodes = 0;
        for (String digest : scenario.plans()) {
            FakePlan plan = scenario.plan(digest, false);
            nodes += plan.plan().nodes().size();
            Set<NodeKey> causes = causes(digest);
            causes.addAll(other.causes(digest));
            Set<NodeKey> of = withWhatFollows(plan, causes);
            of.forEach(key -> apart.add(new Place(digest, key)));
        }
        BiPredicate<String, NodeKey> counts =
                (digest, key) -> !apart.contains(new Place(digest, key));
        return new Comparison(differences(seen(counts), other.seen(counts)), nodes, apart.size());
    }

    private static List<String> differences(Map<String, Object> one, Map<String, Object> other) {
        Set<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(one.get(key), other.get(key)))
                .map(key -> key + ": " + other.get(key) + " instead of " + one.get(key))
                .toList();
    }

    /// Where a run may have taken a turn of its own.
    private Set<NodeKey> causes(String digest) {
        RunRecord run = store.run(digest).orElseThrow();
        Set<NodeKey> causes = new HashSet<>();
        contents.events(run.id(), 0, Integer.MAX_VALUE).stream()
                .filter(event -> event.type().equals("node.skipped"))
                .map(event -> NodeKey.parse(event.subject()))
                .forEach(causes::add);
        for (NodeRecord node : contents.nodes(run.id())) {
            if (node.state() == NodeState.FAILED) {
                causes.add(node.key());
                if (stopsAll(digest, node.key())) {
                    scenario.plan(digest, false).plan().nodes().forEach(it -> causes.add(it.key()));
                }
            }
        }
        // With an undo that is left out, what it would have undone stays.
        List.copyOf(causes).stream()
                .filter(key -> key.path().contains(":"))
                .map(NodeKey::undone)
                .forEach(causes::add);
        return causes;
    }

    /// Whether with its failure nothing begins any more, wherever it stands in the plan.
    private boolean stopsAll(String digest, NodeKey failed) {
        return scenario.plan(digest, false).plan().nodes().stream()
                .filter(node -> node.key().equals(failed) && node.action() == Action.STEP)
                .anyMatch(_ -> scenario.plan(digest, false).step(failed).undoes().isPresent());
    }

    private static Set<NodeKey> withWhatFollows(FakePlan plan, Set<NodeKey> from) {
        Set<NodeKey> all = new HashSet<>(from);
        // A plan has each node after those that it waits for.
        for (PlannedNode node : plan.plan().nodes()) {
            if (from.contains(node.key())
                    || node.after().stream().anyMatch(all::contains)
                    || node.afterSettled().stream().anyMatch(all::contains)) {
                all.add(node.key());
            }
        }
        return all;
    }

    private Map<String, Object> seen(BiPredicate<String, NodeKey> counts) {
        Map<String, Object> seen = new HashMap<>();
        for (String digest : scenario.plans()) {
            RunRecord run = store.run(digest).orElseThrow();
            seen.put(digest, run.state());
            contents.cluster(run.cluster())
                    .ifPresent(cluster ->
                            cluster.outputs()
                                    .fields()
                                    .forEach((node, outputs) -> {
                                        if (counts.test(digest, NodeKey.parse(node))) {
                                            seen.put("outputs of " + node, outputs);
                                        }
                                    }));
            contents.results(run.cluster()).stream()
                    .filter(result -> counts.test(digest, result.key()))
                    .forEach(result ->
                            seen.put(
                                    "result of " + result.key(),
                                    List.of(result.inputs(), result.outputs())));
            for (NodeRecord node : contents.nodes(run.id())) {
                // Whether anything failed on the way depends on the way.
                boolean handler = node.key().path().contains("handle");
                if (!handler && counts.test(digest, node.key())) {
                    seen.put("is " + node.key() + " skipped", node.state() == NodeState.SKIPPED);
                }
            }
        }
        // Which machine of a pool is left over depends on the way.
        contents.machines().stream()
                .filter(machine -> !machine.name().startsWith("metal"))
                .forEach(machine ->
                        seen.put(
                                "does " + machine.name() + " stand",
                                machine.placement().map(it -> it.standing()).orElse(false)));
        return seen;
    }
}
