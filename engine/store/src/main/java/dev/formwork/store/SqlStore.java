package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.store.secret.SecretSealer;
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
import dev.formwork.workflow.store.LoneSeats;
import dev.formwork.workflow.store.Seats;
import dev.formwork.workflow.store.Store;
import dev.formwork.workflow.tape.TapeEntry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A store in an SQL database. Thread-safe.
///
/// One thread writes ([GroupCommit]), a few connections read beside it. What differs between
/// databases is in their [Backend] and [Dialect], and nowhere else.
final class SqlStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(SqlStore.class);

    /// How many reads run at once; the rest waits.
    private static final int READERS = 4;

    /// The first setting of all that an engine puts.
    static final String KEY_CHECK = "store.key-check";

    private final Backend backend;
    private final Readers readers;
    private final SqlWriter writer;
    private final GroupCommit commits;
    private final Encoder encoder;
    private final String keyId;
    private final Seats seats;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param backend closed with the store, and where it cannot be opened
    /// @param engine the name of this engine among those that share the database, if they do
    static Store open(Backend backend, SecretSealer sealer, Optional<String> engine) {
        try {
            return new SqlStore(backend, sealer, engine);
        } catch (SQLException | ExecutionException | RuntimeException e) {
            ProblemException problem = backend.failure(e);
            backend.close(false);
            throw problem;
        }
    }

    private SqlStore(Backend backend, SecretSealer sealer, Optional<String> engine)
            throws SQLException, ExecutionException {
        this.backend = backend;
        this.encoder = new Encoder(sealer);
        this.keyId = sealer.keyId();
        this.writer = new SqlWriter(backend);
        this.commits = new GroupCommit(writer);
        List<Connection> reading = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                reading.add(backend.connect());
            }
            this.readers = new Readers(reading, backend, commits::fail);
            this.seats =
                    engine.<Seats>map(name -> new PostgresSeats(name, commits, readers))
                            .orElseGet(LoneSeats::new);
            checkKey(sealer);
        } catch (SQLException | ExecutionException | RuntimeException e) {
            commits.close();
            for (Connection each : reading) {
                each.close();
            }
            throw e;
        }
    }

    /// Sees to it that all secrets are sealed under one key.
    private void checkKey(SecretSealer sealer) throws ExecutionException {
        Optional<String> check = setting(KEY_CHECK);
        if (check.isPresent()) {
            sealer.open(check.get(), KEY_CHECK);
        } else {
            String sealed = sealer.seal(new byte[0], KEY_CHECK);
            Uninterrupted.result(commits.add(List.of(FileRows.putSetting(KEY_CHECK, sealed))));
        }
    }

    @Override
    public CompletableFuture<Void> commit(List<Change> changes) {
        List<Write> writes;
        try {
            writes = encoder.encode(changes);
        } catch (RuntimeException e) {
            ProblemException problem = backend.failure(e);
            commits.fail(problem);
            return CompletableFuture.failedFuture(problem);
        }
        return commits.add(writes);
    }

    @Override
    public List<Machine> machines() {
        return readers.read(handle -> MachineRows.machines(handle, encoder.records()));
    }

    @Override
    public Optional<Machine> machine(MachineId machine) {
        return readers.read(handle -> MachineRows.machine(handle, encoder.records(), machine));
    }

    @Override
    public List<Cluster> clusters() {
        return readers.read(handle -> MachineRows.clusters(handle, encoder.records()));
    }

    @Override
    public Optional<Cluster> cluster(String name) {
        return readers.read(handle -> MachineRows.cluster(handle, encoder.records(), name));
    }

    @Override
    public List<StepResult> results(String cluster) {
        return readers.read(handle -> ResultRows.of(handle, encoder.records(), cluster));
    }

    @Override
    public Optional<Plan> plan(String digest) {
        return readers.read(handle -> PlanRows.plan(handle, encoder.plans(), digest));
    }

    @Override
    public Optional<Approval> approval(String planDigest) {
        return readers.read(handle -> PlanRows.approval(handle, planDigest));
    }

    @Override
    public List<RunRecord> runs(Optional<String> cluster, int limit) {
        return readers.read(handle ->
                cluster.map(name -> RunRows.newest(handle, name, limit))
                        .orElseGet(() -> RunRows.newest(handle, limit)));
    }

    @Override
    public List<RunRecord> openRuns() {
        return readers.read(RunRows::open);
    }

    @Override
    public Optional<RunRecord> run(RunId run) {
        return readers.read(handle -> RunRows.run(handle, run));
    }

    @Override
    public List<NodeRecord> nodes(RunId run) {
        return readers.read(handle -> RunRows.nodes(handle, run));
    }

    @Override
    public void tape(RunId run, Consumer<TapeEntry> each) {
        TapeRows.Lines lines = new TapeRows.Lines();
        long offset = 0;
        byte[] piece = tape(run, offset);
        while (piece.length > 0) {
            lines.of(piece).forEach(line -> each.accept(encoder.tapes().read(run, line)));
            offset += piece.length;
            piece = tape(run, offset);
        }
    }

    private byte[] tape(RunId run, long offset) {
        return readers.read(handle -> TapeRows.read(handle, run, offset));
    }

    @Override
    public List<StepResult> replaced(RunId run) {
        return readers.read(handle -> TapeRows.replaced(handle, encoder.records(), run));
    }

    @Override
    public List<JobRecord> openJobs() {
        return readers.read(handle -> JobRows.open(handle, encoder.records()));
    }

    @Override
    public Optional<JobRecord> job(JobId job) {
        return readers.read(handle -> JobRows.job(handle, encoder.records(), job));
    }

    @Override
    public List<JobRecord> jobs(RunId run) {
        return readers.read(handle -> JobRows.of(handle, encoder.records(), run));
    }

    @Override
    public byte[] log(JobId job, long offset, int limit) {
        return readers.read(handle -> LogRows.read(handle, job, offset, limit));
    }

    @Override
    public long logLength(JobId job) {
        return readers.read(handle -> LogRows.length(handle, job));
    }

    @Override
    public List<Event> events(long after, int limit) {
        return events(Optional.empty(), after, limit);
    }

    @Override
    public List<Event> events(RunId run, long after, int limit) {
        return events(Optional.of(run), after, limit);
    }

    private List<Event> events(Optional<RunId> run, long after, int limit) {
        return readers.read(handle ->
                EventRows.read(
                        handle, encoder.records(), run, after, backend.durableEvent(), limit));
    }

    @Override
    public long lastEvent() {
        return Math.min(readers.read(EventRows::last), backend.durableEvent());
    }

    @Override
    public List<RunRecord> oldRuns(int keep, Instant before, int limit) {
        return readers.read(handle -> RunRows.old(handle, keep, before, limit));
    }

    @Override
    public List<String> unusedPlans(Instant before, int limit) {
        return readers.read(handle -> PlanRows.unused(handle, before, limit));
    }

    @Override
    public Optional<FileTree> files(String digest) {
        return readers.read(handle -> FileRows.tree(handle, digest));
    }

    @Override
    public boolean hasFiles(String digest) {
        return readers.read(handle -> FileRows.isThere(handle, digest));
    }

    @Override
    public List<String> unusedFiles(Instant before, int limit) {
        List<String> old = readers.read(handle -> FileRows.old(handle, before));
        if (old.isEmpty()) {
            return old;
        }
        try {
            Set<String> used = readers.alone(this::usedFiles);
            return old.stream().filter(digest -> !used.contains(digest)).limit(limit).toList();
        } catch (ExecutionException e) {
            throw backend.failure(e.getCause() == null ? e : e.getCause());
        }
    }

    private Set<String> usedFiles() throws SQLException {
        try (Connection connection = backend.connect()) {
            return UsedFiles.of(connection, backend.dialect(), encoder.records(), encoder.plans());
        }
    }

    @Override
    public Optional<String> setting(String name) {
        return readers.read(handle -> FileRows.setting(handle, name));
    }

    @Override
    public List<Pool> pools() {
        return readers.read(PoolRows::all);
    }

    @Override
    public List<String> leases() {
        return readers.read(LeaseRows::all);
    }

    @Override
    public void backup(Instant at, OutputStream out) throws IOException {
        try {
            boolean _ =
                    readers.alone(() -> {
                        try (Connection connection = backend.connect()) {
                            Snapshot.write(connection, backend.dialect(), keyId, at, out);
                            return true;
                        }
                    });
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException unwritten) {
                throw unwritten;
            }
            throw backend.failure(e.getCause() == null ? e : e.getCause());
        }
    }

    @Override
    public Optional<Problem> problem() {
        return commits.problem().or(backend::problem);
    }

    @Override
    public Seats seats() {
        return seats;
    }

    /// Writes what was accepted, and lets go of the database. May be called twice.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        boolean well = commits.close();
        try {
            readers.close();
        } catch (SQLException e) {
            LOG.warn("The store's connections did not close well: {}", e.getMessage());
            well = false;
        }
        backend.close(well);
    }
}
