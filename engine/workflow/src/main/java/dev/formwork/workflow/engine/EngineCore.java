package dev.formwork.workflow.engine;

import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.store.Store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The engine as a stepped state machine: what is known of machines, runs and jobs, and what each
/// [Input] makes of it. Not thread-safe; owned by one thread. Does no I/O but while it is loaded.
public final class EngineCore {
    private EngineCore() {}

    /// Rebuilds the core from what is stored: machines, open runs, open jobs. Call [#recover] next.
    public static EngineCore load(Store store, EngineParts parts, Instant now) {
        throw new UnsupportedOperationException();
    }

    /// The effects of everything that was outstanding when the core was loaded; once, before the
    /// first step.
    public Transition recover(Instant now) {
        throw new UnsupportedOperationException();
    }

    /// One transition. `now` never goes back.
    public Transition step(Input input, Instant now) {
        throw new UnsupportedOperationException();
    }

    /// When [Input.Tick] is due next; empty while nothing waits for time to pass.
    public Optional<Instant> nextWake() {
        throw new UnsupportedOperationException();
    }

    /// Why a node of an open run is where it is; empty where the run is not open or has no such
    /// node. For a run that has ended: [#explain(StoredRun, NodeKey)].
    public List<Cause> explain(RunId run, NodeKey node) {
        throw new UnsupportedOperationException();
    }

    /// The same of a run that has ended.
    public static List<Cause> explain(StoredRun run, NodeKey node) {
        throw new UnsupportedOperationException();
    }
}
