package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Task;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/// Rebuilds the core from what is stored, or adds some shards to it, and takes up what was
/// outstanding in them.
final class Loading {
    private final EngineState engine;
    private final Predicate<Shard> scope;
    private final Map<MachineId, Host> hosts = new LinkedHashMap<>();
    private final Map<RunId, RunCore> runs = new LinkedHashMap<>();

    /// Jobs that belong to nothing that is open.
    private final List<JobRecord> orphans = new ArrayList<>();

    /// Runs that can't be compiled any more, and why.
    private record Broken(RunRecord run, String why) {}

    private final List<Broken> broken = new ArrayList<>();

    Loading(EngineState engine, Predicate<Shard> scope) {
        this.engine = engine;
        this.scope = scope;
    }

    void load(Store store, Instant now) {
        engine.epoch = Epoch.of(store.setting(Epoch.SETTING));
        store.machines().stream()
                .filter(machine -> scope.test(Shard.of(machine)))
                .sorted(Comparator.comparing(Machine::id))
                .forEach(machine -> hosts.put(machine.id(), engine.fleet.admit(machine, now)));
        if (scope.test(Shard.POOL)) {
            store.pools().forEach(engine.pools::admit);
        }
        hosts.values().forEach(host -> engine.reservations.watch(host.machine));
        store.runs(Optional.empty(), Integer.MAX_VALUE).stream()
                .filter(run -> scope.test(Shard.ofCluster(run.cluster())))
                .forEach(run -> engine.usedPlans.add(run.planDigest()));
        Set<RunId> elsewhere = new HashSet<>();
        store.openRuns().stream()
                .sorted(Comparator.comparing(RunRecord::createdAt).thenComparing(RunRecord::id))
                .forEach(run -> {
                    if (run.shards().stream().allMatch(scope)) {
                        run(store, run);
                    } else {
                        elsewhere.add(run.id());
                    }
                });
        store.openJobs().stream()
                .filter(job ->
                        runs.containsKey(job.run())
                                || (hosts.containsKey(job.machine())
                                        && !elsewhere.contains(job.run())))
                .sorted(Comparator.comparing(JobRecord::id))
                .forEach(job -> job(store, job, now));
    }

    private void run(Store store, RunRecord record) {
        try {
            StoredRun stored = StoredRun.read(store, engine.parts.plans(), record.id());
            RunCore run =
                    new RunCore(engine, record, stored.plan(), stored.nodes(), stored.results());
            engine.admit(run);
            runs.put(record.id(), run);
            run.pace().restore();
        } catch (ProblemException e) {
            broken.add(new Broken(record, Words.of(e.problems())));
        }
    }

    private void job(Store store, JobRecord record, Instant now) {
        RunCore run = engine.runs.get(record.run());
        Host host = engine.fleet.host(record.machine());
        OptionalInt node = run == null ? OptionalInt.empty() : run.graph().number(record.key());
        if (run == null || host == null || node.isEmpty()) {
            orphans.add(record);
            return;
        }
        NodeRecord owner = run.graph().record(node.getAsInt());
        try {
            LoadedModule module = run.plan().module(record.module().digest());
            Waiting waited = run.steps().waiting(node.getAsInt(), host, owner, record.createdAt());
            OpenJob job =
                    engine.jobs.admit(
                            waited,
                            (Task) module.module(),
                            record,
                            deadline(record, owner, waited.mutex(), now));
            waited.mutex().ifPresent(mutex -> engine.lines.hold(waited.node(), mutex));
            job.logLength = store.logLength(record.id());
        } catch (ProblemException e) {
            orphans.add(record);
        }
    }

    private Instant deadline(
            JobRecord record, NodeRecord owner, Optional<Mutex> mutex, Instant now) {
        Instant derived = engine.jobs.deadline(record, mutex, now);
        return switch (record.state()) {
            case REBOOTING -> owner.wakeAt().orElse(derived);
            case STARTED -> {
                // It may have ended while no engine was there to be told.
                Instant heard = now.plus(engine.parts.settings().lease());
                yield heard.isAfter(derived) ? heard : derived;
            }
            case OFFERED, CANCELLING, KILLING, CLOSED -> derived;
        };
    }

    void recover(Batch batch) {
        if (scope.test(Shard.ofEngine(engine.fleet.ownMachine()))
                && engine.fleet.engine().isEmpty()) {
            Machine own = engine.fleet.unmade(engine.fleet.ownMachine(), NodeKey.ENGINE);
            batch.machine(engine.fleet.admit(own, batch.now()).machine);
        }
        for (JobRecord orphan : orphans) {
            batch.job(orphan.withState(JobRecord.State.CLOSED));
        }
        for (Broken run : broken) {
            batch.run(run.run().ended(RunRecord.State.FAILED, run.why(), batch.now()), "run.ended");
        }
        for (RunCore run : List.copyOf(runs.values())) {
            engine.herald.recovered(batch, run);
        }
        engine.advance(batch);
        for (Host host : hosts.values()) {
            if (host.machine.state() == Machine.State.REMOVING && host.maker.isEmpty()) {
                host.machine
                        .provider()
                        .ifPresent(provider ->
                                batch.effect(
                                        new Effect.RemoveInstance(
                                                host.machine.id(),
                                                provider,
                                                host.machine.instance())));
            }
            engine.poolCleaning.recover(batch, host);
            engine.poolKeeping.recover(batch, host);
            if (host.machine.state() == Machine.State.UNREACHABLE && !Pooled.isOff(host.machine)) {
                batch.effect(
                        new Effect.RestartAgent(
                                host.machine.id(),
                                host.machine.provider(),
                                host.machine.instance()));
            }
        }
    }
}
