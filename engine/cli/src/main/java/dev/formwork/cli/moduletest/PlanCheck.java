package dev.formwork.cli.moduletest;

import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.ModuleTest;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.placement.Offers;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlanRequest;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.schema.Schemas;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Plans a test's cluster in this process and holds the plan against what the test expects.
final class PlanCheck {
    private final Fingerprinter fingerprinter = new Fingerprinter(bytes -> bytes);
    private final Schemas schemas = new Schemas();
    private final Planner planner = new Planner(fingerprinter, schemas);

    /// @return what is not as expected, in words
    List<String> check(TestedModule tested, ModuleTest test) {
        Plan plan = plan(tested, test);
        List<String> failures = new ArrayList<>();
        test.expect().nodes().ifPresent(nodes -> nodes(plan, nodes, failures));
        test.expect().order().forEach(chain -> order(plan, chain, failures));
        test.expect()
                .effects()
                .forEach((effect, wanted) -> {
                    Plan.Count count =
                            plan.summary().effects().getOrDefault(effect, new Plan.Count(0, 0));
                    int found = count.certain() + count.possible();
                    if (found != wanted) {
                        failures.add(
                                "%s: expected %d, planned %d"
                                        .formatted(effect.word(), wanted, found));
                    }
                });
        return failures;
    }

    private Plan plan(TestedModule tested, ModuleTest test) {
        LoadedModule module = tested.module();
        TestCluster cluster = new TestCluster(module, test);
        Catalog catalog =
                tested.catalog().with(Catalog.of(cluster.modules(Optional.empty()), List.of()));
        AppliedCluster applied = new AppliedCluster();
        if (test.machines().values().stream().anyMatch(group -> group.standing() > 0)) {
            String yaml = cluster.yaml(true);
            ClusterSpec before = ClusterLoader.load(test.file(), yaml);
            Plan first = planner.plan(request(before, yaml, catalog, applied));
            applied.apply(first, before, catalog, fingerprinter, schemas);
        }
        String yaml = cluster.yaml(false);
        PlanRequest request =
                request(ClusterLoader.load(test.file(), yaml), yaml, catalog, applied);
        Map<NodeKey, PlanRequest.CheckAnswer> hold = new HashMap<>();
        planner.checksWanted(request)
                .forEach(check -> hold.put(check.result().key(), PlanRequest.CheckAnswer.HOLDS));
        return planner.plan(request.withChecks(hold));
    }

    private static PlanRequest request(
            ClusterSpec cluster, String yaml, Catalog catalog, AppliedCluster applied) {
        return new PlanRequest(
                cluster.name(),
                Plan.Kind.APPLY,
                Optional.of(cluster),
                yaml,
                catalog,
                new TreeMap<>(),
                applied.recorded(),
                applied.machines(),
                applied.results(),
                lock -> catalog.find(lock.name()),
                Map.of(),
                new TreeMap<>(),
                Map.of(),
                Offers.UNKNOWN);
    }

    private static void nodes(Plan plan, Set<String> wanted, List<String> failures) {
        Set<String> found = new TreeSet<>();
        for (PlannedNode node : plan.nodes()) {
            boolean runs =
                    node.decision() == Decision.WILL_RUN || node.decision() == Decision.MAY_RUN;
            if (node.action() == Action.STEP && runs) {
                found.add(node.key().toString());
            }
        }
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(found);
        missing.forEach(key -> failures.add("expected, and not planned: " + key));
        found.removeAll(wanted);
        found.forEach(key -> failures.add("planned, and not expected: " + key));
    }

    private static void order(Plan plan, List<String> chain, List<String> failures) {
        Map<String, PlannedNode> nodes = new HashMap<>();
        plan.nodes().forEach(node -> nodes.put(node.key().toString(), node));
        for (int i = 1; i < chain.size(); i++) {
            String first = chain.get(i - 1);
            String then = chain.get(i);
            if (!nodes.containsKey(first) || !nodes.containsKey(then)) {
                String gone = nodes.containsKey(first) ? then : first;
                failures.add("expected in an order, and not in the plan: " + gone);
            } else if (!waitsFor(nodes, then, first)) {
                failures.add(then + " does not wait for " + first);
            }
        }
    }

    private static boolean waitsFor(Map<String, PlannedNode> nodes, String node, String other) {
        Deque<String> open = new ArrayDeque<>(List.of(node));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            PlannedNode each = nodes.get(open.pop());
            if (each == null) {
                continue;
            }
            List<NodeKey> before = new ArrayList<>(each.after());
            before.addAll(each.afterSettled());
            for (NodeKey key : before) {
                if (key.toString().equals(other)) {
                    return true;
                }
                if (seen.add(key.toString())) {
                    open.push(key.toString());
                }
            }
        }
        return false;
    }
}
