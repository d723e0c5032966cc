package dev.formwork.workflow.engine;

import dev.formwork.model.RunId;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What the parts of the core share.
final class EngineState {
    final EngineParts parts;
    final Safeguards safeguards;
    final Timers timers = new Timers();
    final Fleet fleet;
    final Jobs jobs;
    final StepDecision decision;
    final Map<RunId, RunCore> runs = new LinkedHashMap<>();
    final Set<String> usedPlans = new HashSet<>();
    private final Map<String, RunCore> byCluster = new HashMap<>();

    EngineState(EngineParts parts, Safeguards safeguards) {
        this.parts = parts;
        this.safeguards = safeguards;
        this.fleet = new Fleet(parts, timers);
        this.jobs = new Jobs(parts, timers);
        this.decision = new StepDecision(parts.fingerprinter());
    }

    @Nullable RunCore runOf(String cluster) {
        return byCluster.get(cluster);
    }

    void admit(RunCore run) {
        runs.put(run.record().id(), run);
        byCluster.put(run.record().cluster(), run);
    }

    void dismiss(RunCore run) {
        runs.remove(run.record().id());
        byCluster.remove(run.record().cluster(), run);
    }

    /// A machine has room again: whoever waits longest may go on.
    void offerRoom(Batch batch, Host host) {
        if (!host.reachable() || host.queue.isEmpty() || host.free() <= 0) {
            return;
        }
        NodeRef first = host.queue.iterator().next();
        RunCore run = runs.get(first.run());
        if (run != null) {
            run.steps().ready(batch, first.node());
        }
        batch.effect(new Effect.WakeAgent(host.machine.id()));
    }
}
