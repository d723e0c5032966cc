package dev.formwork.workflow.store;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
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

import java.io.OutputStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/// A store that forgets with its process: for the simulator, for tests, and to try things out. It
/// keeps the contract of [Store] but for the power loss. Thread-safe; a commit is done when the
/// call returns.
public final class InMemoryStore implements Store {
    private final Contents contents;
    private final Seats seats = new LoneSeats();
    private @Nullable Problem failure;
    private boolean closed;

    public InMemoryStore() {
        this(new Contents());
    }

    private InMemoryStore(Contents contents) {
        this.contents = contents;
    }

    /// Closes this store and returns one with the same contents, as a restarted engine finds it.
    public InMemoryStore reopened() {
        close();
        return new InMemoryStore(contents);
    }

    /// A store of its own with all that is in this one now, as a backup has it.
    public InMemoryStore copy() {
        return read(all -> new InMemoryStore(all.copy()));
    }

    @Override
    public CompletableFuture<Void> commit(List<Change> changes) {
        synchronized (contents) {
            try {
                requireOpen();
                if (failure != null) {
                    throw ProblemException.of(
                            "store.broken", "an earlier commit failed", "open the store anew");
                }
                contents.check(changes);
            } catch (ProblemException e) {
                failure = failure == null ? e.problems().getFirst() : failure;
                return CompletableFuture.failedFuture(e);
            }
            changes.forEach(contents::apply);
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public List<Machine> machines() {
        return read(all -> List.copyOf(all.machines.values()));
    }

    @Override
    public Optional<Machine> machine(MachineId machine) {
        return find(all -> all.machines, machine);
    }

    @Override
    public List<Cluster> clusters() {
        return read(all -> List.copyOf(all.clusters.values()));
    }

    @Override
    public Optional<Cluster> cluster(String name) {
        return find(all -> all.clusters, name);
    }

    @Override
    public List<StepResult> results(String cluster) {
        return read(all -> List.copyOf(all.results.getOrDefault(cluster, Map.of()).values()));
    }

    @Override
    public Optional<Plan> plan(String digest) {
        return find(all -> all.plans, digest);
    }

    @Override
    public Optional<Approval> approval(String planDigest) {
        return find(all -> all.approvals, planDigest);
    }

    @Override
    public List<RunRecord> runs(Optional<String> cluster, int limit) {
        return read(all ->
                all.newestFirst().stream()
                        .filter(run -> cluster.isEmpty() || cluster.get().equals(run.cluster()))
                        .limit(limit)
                        .toList());
    }

    @Override
    public List<RunRecord> openRuns() {
        return read(all -> all.runs.values().stream().filter(run -> !run.state().ended()).toList());
    }

    @Override
    public Optional<RunRecord> run(RunId run) {
        return find(all -> all.runs, run);
    }

    @Override
    public List<NodeRecord> nodes(RunId run) {
        return read(all -> List.copyOf(all.nodes.getOrDefault(run, Map.of()).values()));
    }

    @Override
    public void tape(RunId run, Consumer<TapeEntry> each) {
        read(all -> List.copyOf(all.tapes.getOrDefault(run, List.of()))).forEach(each);
    }

    @Override
    public List<StepResult> replaced(RunId run) {
        return read(all -> List.copyOf(all.replaced.getOrDefault(run, Map.of()).values()));
    }

    @Override
    public List<JobRecord> openJobs() {
        return read(all -> List.copyOf(all.openJobs.values()));
    }

    @Override
    public Optional<JobRecord> job(JobId job) {
        return find(all -> all.jobs, job);
    }

    @Override
    public List<JobRecord> jobs(RunId run) {
        return read(all ->
                all.jobsOfRuns.getOrDefault(run, Map.of()).values().stream()
                        .sorted(
                                Comparator.comparing(JobRecord::createdAt)
                                        .thenComparingLong(JobRecord::token)
                                        .thenComparing(JobRecord::id))
                        .toList());
    }

    @Override
    public byte[] log(JobId job, long offset, int limit) {
        return read(all -> all.log(job, offset, limit));
    }

    @Override
    public long logLength(JobId job) {
        return read(all -> all.logLength(job));
    }

    @Override
    public List<Event> events(long after, int limit) {
        return read(all -> all.events(after, limit));
    }

    @Override
    public List<Event> events(RunId run, long after, int limit) {
        return read(all -> all.events(run, after, limit));
    }

    @Override
    public long lastEvent() {
        return read(Contents::lastEvent);
    }

    @Override
    public List<RunRecord> oldRuns(int keep, Instant before, int limit) {
        return read(all -> all.oldRuns(keep, before, limit));
    }

    @Override
    public List<String> unusedPlans(Instant before, int limit) {
        return read(all -> all.unusedPlans(before, limit));
    }

    @Override
    public Optional<FileTree> files(String digest) {
        return find(all -> all.files, digest);
    }

    @Override
    public boolean hasFiles(String digest) {
        return read(all -> all.files.containsKey(digest));
    }

    @Override
    public List<String> unusedFiles(Instant before, int limit) {
        return read(all -> all.unusedFiles(before, limit));
    }

    @Override
    public Optional<String> setting(String name) {
        return find(all -> all.settings, name);
    }

    @Override
    public List<Pool> pools() {
        return read(all -> List.copyOf(all.pools.values()));
    }

    @Override
    public List<String> leases() {
        return read(all -> List.copyOf(all.leases.values()));
    }

    @Override
    public Optional<Problem> problem() {
        synchronized (contents) {
            return Optional.ofNullable(failure);
        }
    }

    @Override
    public void backup(Instant at, OutputStream out) {
        throw ProblemException.of(
                "backup.impossible",
                "the store is in memory only",
                "give the engine a data directory or a database");
    }

    @Override
    public Seats seats() {
        return seats;
    }

    @Override
    public void close() {
        synchronized (contents) {
            closed = true;
        }
    }

    private <K, V> Optional<V> find(Function<Contents, Map<K, V>> map, K key) {
        return read(all -> Optional.ofNullable(map.apply(all).get(key)));
    }

    private <T> T read(Function<Contents, T> reading) {
        synchronized (contents) {
            requireOpen();
            return reading.apply(contents);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw ProblemException.of("store.closed", "the store is closed", "open it anew");
        }
    }
}
