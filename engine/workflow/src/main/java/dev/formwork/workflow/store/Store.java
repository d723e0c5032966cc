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

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Everything the engine must not forget. Thread-safe. Reads see what was committed before them.
/// Secrets ([dev.formwork.model.value.Value.Secret]) are sealed on the way in and opened on the way
/// out. Failures are `store.*` problems: `store.full` (disk), `store.closed`, `store.broken`,
/// `store.fenced` (another engine writes now).
public interface Store extends AutoCloseable {
    /// Stores all of `changes` or none, in the order of calls. The future completes when they would
    /// survive a power loss; many calls share one write to the disk. It fails with `store.*`, and
    /// then no later commit is accepted until the store is opened anew: what the caller holds in
    /// memory may be ahead of it. One without changes stores nothing, and tells that all before it
    /// is durable and that no other engine writes.
    CompletableFuture<Void> commit(List<Change> changes);

    List<Machine> machines();

    Optional<Machine> machine(MachineId machine);

    List<Cluster> clusters();

    Optional<Cluster> cluster(String name);

    /// In no order.
    List<StepResult> results(String cluster);

    Optional<Plan> plan(String digest);

    Optional<Approval> approval(String planDigest);

    /// Newest first.
    List<RunRecord> runs(Optional<String> cluster, int limit);

    /// Those that have not ended.
    List<RunRecord> openRuns();

    Optional<RunRecord> run(RunId run);

    /// Those that have been anything but BLOCKED, in no order; the plan has the others.
    List<NodeRecord> nodes(RunId run);

    /// What a run was told, in order.
    ///
    /// @param each is given one after the other: there may be many
    void tape(RunId run, Consumer<TapeEntry> each);

    /// Results that a run found and has replaced or dropped, as they were when it began.
    List<StepResult> replaced(RunId run);

    /// Not CLOSED.
    List<JobRecord> openJobs();

    Optional<JobRecord> job(JobId job);

    /// All jobs of a run, oldest first.
    List<JobRecord> jobs(RunId run);

    /// At most `limit` bytes from `offset`; empty at the end.
    byte[] log(JobId job, long offset, int limit);

    /// The number of bytes stored.
    long logLength(JobId job);

    /// Events with an id above `after`, in order.
    List<Event> events(long after, int limit);

    /// As [#events(long, int)], of one run.
    List<Event> events(RunId run, long after, int limit);

    /// The id of the newest event, 0 where there never was one.
    long lastEvent();

    /// Runs that have ended and may be forgotten, oldest first: those beyond the newest `keep` of
    /// their cluster, and those that ended before `before`; never a cluster's last run. Runs of
    /// single modules are taken for those of one cluster.
    List<RunRecord> oldRuns(int keep, Instant before, int limit);

    /// Digests of plans that were made before `before`, of which no run is, and for which no
    /// consent counted since; oldest first.
    List<String> unusedPlans(Instant before, int limit);

    Optional<FileTree> files(String digest);

    boolean hasFiles(String digest);

    /// Digests of files that were wanted last before `before`, and that no plan is compiled from
    /// and no result needs to be undone, nor what a run found ([#replaced]); longest ago first.
    List<String> unusedFiles(Instant before, int limit);

    Optional<String> setting(String name);

    /// The last of each address that [Change.PutLease] named, in no order.
    List<String> leases();

    /// A provider's record.
    Optional<String> record(String provider, String name);

    /// All records of a provider, by name, as they were at one moment.
    Map<String, String> records(String provider);

    /// Changes records of a provider: all of them, or none where one is not as expected, also by
    /// what another engine changes at that moment. The future says which, when the changes would
    /// survive a power loss; it fails as that of [#commit], in whose order this is.
    ///
    /// @param swaps each of another name
    CompletableFuture<Boolean> swapRecords(String provider, List<RecordSwap> swaps);

    /// In no order.
    List<Pool> pools();

    /// Writes all that is stored, as it is at one instant, while others go on: with secrets as they
    /// are sealed, and without the key. May take long; the reader may be slow.
    ///
    /// @param at what the time is, for those who read it
    /// @param out not closed
    /// @throws dev.formwork.model.ProblemException `backup.impossible`, `store.*`
    void backup(Instant at, OutputStream out) throws IOException;

    /// Why it takes no commits, if it does not: for good, after one that failed, or because another
    /// engine writes now (`store.fenced`); or at the moment, while its database does not answer.
    Optional<Problem> problem();

    /// Which engine has which shard.
    Seats seats();

    @Override
    void close();
}
