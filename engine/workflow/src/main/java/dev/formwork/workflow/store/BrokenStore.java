package dev.formwork.workflow.store;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.tape.TapeEntry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A store that fails on command, to show what its users do then. Until told so it is the store it
/// stands before. Thread-safe.
public final class BrokenStore implements Store {
    private final Store store;
    private int good = Integer.MAX_VALUE;
    private boolean lastIsStored;
    private @Nullable Problem problem;
    private boolean broken;

    public BrokenStore(Store store) {
        this.store = store;
    }

    /// Every commit after the next `commits` fails with `problem`, and stores nothing.
    public void breakAfter(int commits, Problem with) {
        arm(commits, with, false);
    }

    /// The same, but the first commit that fails was stored all the same: the disk had it, and the
    /// answer was lost.
    public void breakUnseenAfter(int commits, Problem with) {
        arm(commits, with, true);
    }

    private synchronized void arm(int commits, Problem with, boolean stored) {
        good = commits;
        lastIsStored = stored;
        problem = with;
    }

    @Override
    public synchronized CompletableFuture<Void> commit(List<Change> changes) {
        if (problem == null) {
            return store.commit(changes);
        }
        if (good > 0) {
            good--;
            return store.commit(changes);
        }
        broken = true;
        CompletableFuture<Void> failure = CompletableFuture.failedFuture(problem.exception());
        if (lastIsStored) {
            lastIsStored = false;
            return store.commit(changes).thenCompose(_ -> failure);
        }
        return failure;
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
    public synchronized Optional<Problem> problem() {
        return broken ? Optional.ofNullable(problem) : store.problem();
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
