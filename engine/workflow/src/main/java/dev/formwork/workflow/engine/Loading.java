package dev.formwork.workflow.engine;

import dev.formwork.model.ProblemException;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Task;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Rebuilds the core from what is stored, and takes up what was outstanding.
final class Loading {
    private final EngineState engine;

    /// Jobs that belong to nothing that is open.
    private final List<JobRecord> orphans = new ArrayList<>();

    /// Runs that can't be compiled any more, and why.
    private record Broken(RunRecord run, String why) {}

    private final List<Broken> broken = new ArrayList<>();

    Loading(EngineState engine) {
        this.engine = engine;
    }

    void load(Store store, Instant now) {
        engine.epoch = Epoch.of(store.setting(Epoch.SETTING));
        store.machines().stream()
                .sorted(Comparator.comparing(Machine::id))
                .forEach(machine -> engine.fleet.admit(machine, now));
        store.runs(Optional.empty(), Integer.MAX_VALUE)
                .forEach(run -> engine.usedPlans.add(run.planDigest()));
        store.openRuns().stream()
                .sorted(Comparator.comparing(RunRecord::createdAt).thenComparing(RunRecord::id))
                .forEach(run -> run(store, run));
        store.openJobs().stream()
                .sorted(Comparator.comparing(JobRecord::id))
                .forEach(job -> job(store, job, now));
    }

    private void run(Store store, RunRecord record) {
        try {
            StoredRun stored = StoredRun.read(store, engine.parts.plans(), record.id());
            RunCore run =
                    new RunCore(engine, record, stored.plan(), stored.nodes(), stored.results());
            engine.admit(run);
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
        return record.state() == JobRecord.State.REBOOTING
                ? owner.wakeAt().orElse(derived)
                : derived;
    }

    void recover(Batch batch) {
        if (engine.fleet.named(NodeKey.ENGINE).stream().noneMatch(Host::isEngine)) {
            Host host = engine.fleet.admit(engine.fleet.unmade(NodeKey.ENGINE), batch.now());
            batch.machine(host.machine);
        }
        for (JobRecord orphan : orphans) {
            batch.job(orphan.withState(JobRecord.State.CLOSED));
        }
        for (Broken run : broken) {
            batch.run(run.run().ended(RunRecord.State.FAILED, run.why(), batch.now()), "run.ended");
        }
        for (RunCore run : List.copyOf(engine.runs.values())) {
            engine.herald.recovered(batch, run);
        }
        engine.advance(batch);
        for (Host host : engine.fleet.hosts()) {
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
            if (host.machine.state() == Machine.State.UNREACHABLE) {
                batch.effect(
                        new Effect.RestartAgent(
                                host.machine.id(),
                                host.machine.provider(),
                                host.machine.instance()));
            }
        }
    }
}
