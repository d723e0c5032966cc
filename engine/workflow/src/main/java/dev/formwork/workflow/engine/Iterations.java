package dev.formwork.workflow.engine;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Until;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;

import java.time.Instant;
import java.util.Optional;

/// Steps that run again until their outputs are as wanted (`until`).
final class Iterations {
    private final EngineState engine;
    private final RunCore run;

    Iterations(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
    }

    /// Takes a success that is not yet what the step waits for.
    ///
    /// @return whether it was one; then the node waits, or has ended
    boolean takes(Batch batch, int node, Value.Struct outputs) {
        Optional<Until> until =
                run.graph().planned(node).action() == Action.STEP
                        ? run.steps().work(node).until()
                        : Optional.empty();
        if (until.isEmpty()) {
            return false;
        }
        try {
            if (until.get().condition().test(outputs)) {
                return false;
            }
        } catch (ProblemException e) {
            run.fail(batch, node, e.code(), Words.of(e.problems()));
            return true;
        }
        if (run.cancelling()) {
            run.end(batch, node, NodeState.CANCELLED, "the run was cancelled");
        } else {
            again(batch, node, until.get());
        }
        return true;
    }

    private void again(Batch batch, int node, Until until) {
        NodeRecord now = run.graph().record(node).iterated();
        // A retry of what was exhausted goes on counting, and has as many again.
        if (now.iteration() % until.max() == 0) {
            run.put(
                    batch,
                    node,
                    now.failed(
                            "step.until-exhausted",
                            "its `until` does not hold after " + now.iteration() + " runs",
                            batch.now()));
            return;
        }
        Instant at = batch.now().plus(until.delay());
        run.put(
                batch,
                node,
                now.to(
                                NodeState.WAITING,
                                "run "
                                        + now.iteration()
                                        + ": its `until` does not hold yet; next at "
                                        + at)
                        .withWakeAt(at));
        engine.timers.set(at, new Timers.Timer.Wake(run.ref(node)));
    }
}
