package dev.formwork.bench.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.server.loop.SteppedCore;
import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.PoolWait;
import dev.formwork.workflow.engine.Transition;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.store.Change;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The core, with its step transitions counted: node states written, but for those that a run
/// begins with.
final class CountedCore implements SteppedCore {
    private final EngineCore core;
    private final AtomicLong transitions = new AtomicLong();

    CountedCore(EngineCore core) {
        this.core = core;
    }

    /// Since it was asked last.
    long takeCount() {
        return transitions.getAndSet(0);
    }

    @Override
    public Transition recover(Instant now) {
        return core.recover(now);
    }

    @Override
    public Transition step(Input input, Instant now) {
        Transition transition = core.step(input, now);
        if (!(input instanceof Input.StartRun)) {
            transitions.addAndGet(
                    transition.changes().stream()
                            .filter(change -> change instanceof Change.PutNode)
                            .count());
        }
        return transition;
    }

    @Override
    public Optional<Instant> nextWake() {
        return core.nextWake();
    }

    @Override
    public Optional<Instant> lastCall(MachineId machine) {
        return core.lastCall(machine);
    }

    @Override
    public List<Cause> explain(RunId run, NodeKey node) {
        return core.explain(run, node);
    }

    @Override
    public List<PoolWait> poolWaits(String pool) {
        return core.poolWaits(pool);
    }
}
