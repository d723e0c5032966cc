package dev.formwork.workflow.plan;

import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.placement.Offers;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/// Everything a plan is made from: wishes, records, and what was found out for it. A pure function
/// of this is the plan.
///
/// @param cluster what is wanted; empty to destroy `name`
/// @param recorded what is recorded of the cluster, if it was ever applied
/// @param machines every machine the engine knows, after the providers were asked
/// @param results of this cluster
/// @param recordedModules finds the module of a recorded result, for undo
/// @param checks answers of `check` jobs by node; a node that is not there gave none
/// @param clusterOutputs outputs of other clusters, `cluster.output`
/// @param pools that there are, by name
/// @param offers providers and prices
public record PlanRequest(
        String name,
        Plan.Kind kind,
        Optional<ClusterSpec> cluster,
        String clusterYaml,
        Catalog catalog,
        SortedMap<String, String> profileDigests,
        Optional<Cluster> recorded,
        Collection<Machine> machines,
        Collection<StepResult> results,
        Function<LoadedModule.Lock, Optional<LoadedModule>> recordedModules,
        Map<NodeKey, CheckAnswer> checks,
        SortedMap<String, Value> clusterOutputs,
        Map<String, PoolSpec> pools,
        Offers offers) {
    public PlanRequest {
        pools = Map.copyOf(pools);
        machines = List.copyOf(machines);
        results = List.copyOf(results);
        checks = Map.copyOf(checks);
    }

    /// What a `check` said.
    ///
    /// @param detail of people's interest: what would change, or why there is no answer; as a
    ///   machine said it, but short and of one line; may be empty
    public record CheckAnswer(Kind kind, String detail) {
        public static final CheckAnswer HOLDS = new CheckAnswer(Kind.HOLDS, "");
        public static final CheckAnswer DOES_NOT_HOLD = new CheckAnswer(Kind.DOES_NOT_HOLD, "");
        public static final CheckAnswer UNKNOWN = new CheckAnswer(Kind.UNKNOWN, "");

        /// The answer without what is said of it.
        public enum Kind {
            HOLDS,
            DOES_NOT_HOLD,
            /// Any other exit code, or no answer: never "unchanged".
            UNKNOWN
        }
    }

    public PlanRequest withChecks(Map<NodeKey, CheckAnswer> answers) {
        return new PlanRequest(
                name,
                kind,
                cluster,
                clusterYaml,
                catalog,
                profileDigests,
                recorded,
                machines,
                results,
                recordedModules,
                answers,
                clusterOutputs,
                pools,
                offers);
    }
}
