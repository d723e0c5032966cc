package dev.formwork.workflow.engine;

import dev.formwork.model.Problem;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Store;

import java.util.List;
import java.util.Optional;

/// A run as it is stored, with all that is needed to go on with it.
///
/// @param newest no later run of the cluster exists; an older one can't be taken up again
/// @param results recorded for the cluster
public record StoredRun(
        RunRecord run,
        CompiledPlan plan,
        boolean newest,
        List<NodeRecord> nodes,
        List<StepResult> results) {
    public StoredRun {
        nodes = List.copyOf(nodes);
        results = List.copyOf(results);
    }

    /// Reads a run, open or ended. Whoever gives it to the core reads it after all the core's
    /// transitions so far were committed.
    ///
    /// @throws dev.formwork.model.ProblemException `run.unknown`, or what [PlanSource#compiled]
    ///   throws
    public static StoredRun read(Store store, PlanSource plans, RunId id) {
        RunRecord run =
                store.run(id)
                        .orElseThrow(() ->
                                Problem.of(
                                                "run.unknown",
                                                "there is no run " + id,
                                                "`formwork runs` lists them")
                                        .exception());
        List<RunRecord> latest = store.runs(Optional.of(run.cluster()), 1);
        return new StoredRun(
                run,
                plans.compiled(run.planDigest()),
                latest.isEmpty() || latest.getFirst().id().equals(id),
                store.nodes(id),
                store.results(run.cluster()));
    }
}
