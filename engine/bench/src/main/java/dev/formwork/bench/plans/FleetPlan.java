package dev.formwork.bench.plans;

import dev.formwork.bench.engine.LoopRate;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.placement.Offers;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlanRequest;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.schema.Schemas;
import dev.formwork.workflow.store.InMemoryStore;
import dev.formwork.workflow.store.Store;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A cluster over machines that exist, with one of everything that a fleet's workflow has: steps
/// after one another on each machine, one that takes turns with its health behind it, one that
/// waits for all of it, and one on a single machine that reads what all others gave.
final class FleetPlan {
    private static final String TASK =
            """
            kind: Task
            name: bench/tiny
            version: 1.0.0
            inputs:
              name: {type: string}
              port: {type: integer}
            outputs:
              url: {type: string}
            run: echo "http://$INPUT_NAME:$INPUT_PORT" >"$FORMWORK_OUTPUTS/url"
            """;
    private static final String READER =
            """
            kind: Task
            name: bench/reader
            version: 1.0.0
            inputs:
              urls: {type: array, items: {type: string}}
            run: 'true'
            """;
    private static final String WITH =
            "with: {name: \"${{ machine.name }}\", port: \"${{ inputs.port }}\"}";

    private final Planner planner;
    private final List<Machine> machines;
    private final Catalog catalog;
    private final String cluster;

    /// @param steps of the chain on each machine, beside the rest
    FleetPlan(SecretSealer sealer, int machines, int steps) {
        this.planner = new Planner(new Fingerprinter(sealer::mac), new Schemas());
        try (Store store = new InMemoryStore();
                LoopRate seeding = new LoopRate(store, sealer, Clock.systemUTC(), machines)) {
            this.machines = store.machines();
            this.cluster =
                    "kind: Cluster\nname: fleet\nworkflow: bench/rollout\ngroups:\n  fleet: {machines: ["
                            + String.join(", ", seeding.agents().names())
                            + "]}\n";
        }
        this.catalog =
                Catalog.of(
                        List.of(module(TASK), module(READER), module(workflow(steps))), List.of());
    }

    private static String workflow(int steps) {
        StringBuilder text =
                new StringBuilder(
                        """
                        kind: Workflow
                        name: bench/rollout
                        version: 1.0.0
                        groups: [fleet]
                        inputs: {port: {type: integer, default: 2379}}
                        steps:
                        """);
        String needs = "";
        for (int step = 0; step < steps; step++) {
            text.append(
                    "  s%d: {on: fleet, uses: bench/tiny, %s%s}\n".formatted(step, WITH, needs));
            needs = ", needs: {s" + step + ": same}";
        }
        text.append("  restart: {on: fleet, uses: bench/tiny, %s%s, ".formatted(WITH, needs))
                .append(
                        "strategy: {max_parallel: 10%, canary: 1, max_failures: 5%, gate: health}}\n")
                .append("  health: {on: fleet, uses: bench/tiny, %s, ".formatted(WITH))
                .append("needs: {restart: same}}\n")
                .append("  announce: {on: fleet, uses: bench/tiny, %s, ".formatted(WITH))
                .append("needs: {health: all}}\n")
                .append("  report: {on: \"fleet[0]\", uses: bench/reader, ")
                .append("with: {urls: \"${{ steps.health.all.outputs.url }}\"}}\n");
        return text.toString();
    }

    private static LoadedModule module(String yaml) {
        return ModuleLoader.load(
                new FileTree(Map.of("module.yaml", yaml.getBytes(StandardCharsets.UTF_8))));
    }

    /// @param results that are recorded
    Plan make(List<StepResult> results) {
        return planner.plan(
                new PlanRequest(
                        "fleet",
                        Plan.Kind.APPLY,
                        Optional.of(ClusterLoader.load("cluster.yaml", cluster)),
                        cluster,
                        catalog,
                        new TreeMap<>(),
                        Optional.empty(),
                        machines,
                        results,
                        lock ->
                                catalog.modules().values().stream()
                                        .filter(module -> module.lock().equals(lock))
                                        .findFirst(),
                        Map.of(),
                        new TreeMap<>(),
                        Map.of(),
                        Offers.UNKNOWN));
    }

    /// What a run of the plan would leave, but for what it learns only as it runs.
    static List<StepResult> results(Plan plan) {
        return plan.nodes().stream()
                .filter(node -> node.expected().isPresent())
                .map(FleetPlan::result)
                .collect(Collectors.toList());
    }

    private static StepResult result(PlannedNode node) {
        return new StepResult(
                "fleet",
                node.key(),
                node.incarnation().orElseThrow(),
                node.expected().orElseThrow(),
                node.module().orElseThrow(),
                Value.Struct.EMPTY,
                Value.of(Map.of("url", Value.of("http://" + node.key() + ":2379"))),
                node.after(),
                false,
                false,
                new RunId("r-bench"));
    }
}
