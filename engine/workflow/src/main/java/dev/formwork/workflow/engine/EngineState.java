package dev.formwork.workflow.engine;

import dev.formwork.model.RunId;
import dev.formwork.workflow.run.Epoch;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the parts of the core share.
final class EngineState {
    final EngineParts parts;
    final Safeguards safeguards;
    final Timers timers = new Timers();
    final Fleet fleet;
    final Jobs jobs;
    final StepDecision decision;
    final Lines lines = new Lines(this);
    final Herald herald = new Herald(this);
    final Tapes tapes;
    Epoch epoch = Epoch.FIRST;
    final Claims claims;
    final Pools pools = new Pools(this);
    final PoolLine poolLine = new PoolLine(this);
    final PoolKeeping poolKeeping = new PoolKeeping(this);
    final PoolCleaning poolCleaning = new PoolCleaning(this);
    final Reservations reservations = new Reservations(this);
    final Map<RunId, RunCore> runs = new LinkedHashMap<>();
    final Set<String> usedPlans = new HashSet<>();
    private final Map<String, RunCore> byCluster = new HashMap<>();

    EngineState(EngineParts parts, Safeguards safeguards) {
        this.parts = parts;
        this.safeguards = safeguards;
        this.claims = new Claims(safeguards);
        this.fleet = new Fleet(parts, timers);
        this.tapes = new Tapes(this);
        fleet.watched(
                machine -> {
                    tapes.changed(machine);
                    poolLine.changed(machine);
                    poolKeeping.changed(machine);
                },
                pools::dropped,
                tapes::named);
        this.jobs = new Jobs(parts, timers);
        this.decision = new StepDecision(parts.fingerprinter());
    }

    @Nullable RunCore runOf(String cluster) {
        return byCluster.get(cluster);
    }

    void admit(RunCore run) {
        runs.put(run.record().id(), run);
        byCluster.put(run.record().cluster(), run);
        tapes.listen(run);
    }

    /// A run is over: its machines are free for those that wait for them.
    void dismiss(Batch batch, RunCore run) {
        runs.remove(run.record().id());
        byCluster.remove(run.record().cluster(), run);
        claims.release(run);
        poolLine.look();
        tapes.dismiss(run);
        advance(batch);
    }

    /// A run has the machines for which it waited, whatever others have.
    void granted(Batch batch, RunCore run) {
        claims.grant(run);
        herald.granted(batch, run);
    }

    /// Has the runs go on that no longer wait for machines.
    void advance(Batch batch) {
        Optional<RunCore> next = claims.next();
        while (next.isPresent()) {
            herald.granted(batch, next.get());
            next = claims.next();
        }
        claims.waiting().forEach(run -> run.pace().waitOn(batch));
    }

    /// Ends a job: what it had of its machine, and its mutex, are for the next.
    void close(Batch batch, OpenJob job, boolean accepted) {
        jobs.close(batch, job, accepted);
        job.mutex.ifPresent(mutex -> lines.release(batch, job.node, mutex));
        offerRoom(batch, job.host);
    }

    /// A machine may have room again: whoever comes next may go on.
    void offerRoom(Batch batch, Host host) {
        lines.look(batch, host);
        if (!host.reachable()) {
            return;
        }
        for (Lane lane : host.lanes()) {
            lane.next()
                    .ifPresent(next -> {
                        RunCore run = runs.get(next.node().run());
                        if (run != null) {
                            run.steps().ready(batch, next.node().node());
                        }
                        batch.effect(new Effect.WakeAgent(host.machine.id()));
                    });
        }
    }
}
