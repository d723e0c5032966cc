package dev.formwork.server.loop;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Transition;
import dev.formwork.workflow.graph.NodeKey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the loop drives: [EngineCore], or a script of one in a test. Used by one thread.
public interface SteppedCore {
    /// What was outstanding when the core was loaded; once, first.
    Transition recover(Instant now);

    Transition step(Input input, Instant now);

    Optional<Instant> nextWake();

    Optional<Instant> lastCall(MachineId machine);

    List<Cause> explain(RunId run, NodeKey node);

    static SteppedCore of(EngineCore core) {
        return new SteppedCore() {
            @Override
            public Transition recover(Instant now) {
                return core.recover(now);
            }

            @Override
            public Transition step(Input input, Instant now) {
                return core.step(input, now);
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
        };
    }
}
