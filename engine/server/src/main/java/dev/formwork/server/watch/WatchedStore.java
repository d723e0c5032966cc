package dev.formwork.server.watch;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.server.failpoint.Failpoint;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Seats;
import dev.formwork.workflow.store.Store;
import dev.formwork.workflow.tape.TapeEntry;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A store that rings the [Bells] for what it has stored, whoever stored it, and goes through the
/// [Failpoint] on both sides of each commit.
public final class WatchedStore implements Store {
    private final Store store;
    private final Bells bells;
    private final Failpoint failpoint;

    public WatchedStore(Store store, Bells bells, Failpoint failpoint) {
        this.store = store;
        this.bells = bells;
        this.failpoint = failpoint;
    }

    @Override
    public CompletableFuture<Void> commit(List<Change> changes) {
        if (changes.isEmpty()) {
            return store.commit(changes);
        }
        failpoint.cross(Failpoint.Place.BEFORE_COMMIT);
        return store.commit(changes)
                .whenComplete((_, failure) -> {
                    failpoint.cross(Failpoint.Place.AFTER_COMMIT);
                    if (failure == null) {
                        bells.ringFor(changes);
                    }
                });
    }

    @Override
    public Optional<Problem> problem() {
        return store.problem();
    }

    @Override
    public List<Machine> machines() {
        return store.machines();
    }

    @Override
    public Optional<Machine> machine(MachineId machine) {
        return store.machine(machine);
    }

    @Override
    public Seats seats() {
        return store.seats();
    }

    @Override
    public List<Cluster> clusters() {
        return store.clusters();
    }

    @Override
    public Optional<Cluster> cluster(String name) {
        return store.cluster(name);
    }

    @Override
    public List<StepResult> results(String cluster) {
        return store.results(cluster);
    }

    @Override
    public Optional<Plan> plan(String digest) {
        return store.plan(digest);
    }

    @Override
    public Optional<Approval> approval(String planDigest) {
        return store.approval(planDigest);
    }

    @Override
    public List<RunRecord> runs(Optional<String> cluster, int limit) {
        return store.runs(cluster, limit);
    }

    @Override
    public List<RunRecord> openRuns() {
        return store.openRuns();
    }

    @Override
    public Optional<RunRecord> run(RunId run) {
        return store.run(run);
    }

    @Override
    public List<NodeRecord> nodes(RunId run) {
        return store.nodes(run);
    }

    @Override
    public void tape(RunId run, Consumer<TapeEntry> each) {
        store.tape(run, each);
    }

    @Override
    public List<StepResult> replaced(RunId run) {
        return store.replaced(run);
    }

    @Override
    public List<JobRecord> openJobs() {
        return store.openJobs();
    }

    @Override
    public Optional<JobRecord> job(JobId job) {
        return store.job(job);
    }

    @Override
    public List<JobRecord> jobs(RunId run) {
        return store.jobs(run);
    }

    @Override
    public byte[] log(JobId job, long offset, int limit) {
        return store.log(job, offset, limit);
    }

    @Override
    public long logLength(JobId job) {
        return store.logLength(job);
    }

    @Override
    public List<Event> events(long after, int limit) {
        return store.events(after, limit);
    }

    @Override
    public List<Event> events(RunId run, long after, int limit) {
        return store.events(run, after, limit);
    }

    @Override
    public long lastEvent() {
        return store.lastEvent();
    }

    @Override
    public List<RunRecord> oldRuns(int keep, Instant before, int limit) {
        return store.oldRuns(keep, before, limit);
    }

    @Override
    public List<String> unusedPlans(Instant before, int limit) {
        return store.unusedPlans(before, limit);
    }

    @Override
    public Optional<FileTree> files(String digest) {
        return store.files(digest);
    }

    @Override
    public boolean hasFiles(String digest) {
        return store.hasFiles(digest);
    }

    @Override
    public List<String> unusedFiles(Instant before, int limit) {
        return store.unusedFiles(before, limit);
    }

    @Override
    public Optional<String> setting(String name) {
        return store.setting(name);
    }

    @Override
    public List<Pool> pools() {
        return store.pools();
    }

    @Override
    public List<String> leases() {
        return store.leases();
    }

    @Override
    public void backup(Instant at, OutputStream out) throws IOException {
        store.backup(at, out);
    }

    @Override
    public void close() {
        store.close();
    }
}
