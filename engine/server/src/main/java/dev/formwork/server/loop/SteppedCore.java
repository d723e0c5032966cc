package dev.formwork.server.loop;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.PoolWait;
import dev.formwork.workflow.engine.Transition;
import dev.formwork.workflow.graph.NodeKey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the loop drives: [StoredCore], or a script of one in a test. Used by one thread.
public interface SteppedCore {
    /// What was outstanding when the core was loaded; once, first.
    Transition recover(Instant now);

    Transition step(Input input, Instant now);

    Optional<Instant> nextWake();

    Optional<Instant> lastCall(MachineId machine);

    List<Cause> explain(RunId run, NodeKey node);

    /// Who waits for a machine of a pool, in the order of their turns.
    List<PoolWait> poolWaits(String pool);
}
