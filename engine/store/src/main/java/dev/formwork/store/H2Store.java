package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.module.FileTree;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The default store: H2, embedded, in one directory, used by one process at a time. Thread-safe.
///
/// A commit is acknowledged when it would survive a power loss (docs/durability.md). Times are kept
/// to the microsecond.
public final class H2Store implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(H2Store.class);

    /// How many reads run at once: H2 reads in parallel, and the rest waits.
    private static final int READERS = 4;

    private static final String KEY_CHECK = "store.key-check";

    private final H2Database database;
    private final Path directory;
    private final DirectoryLock lock;
    private final Connection connection;
    private final Readers readers;
    private final H2Writer writer;
    private final GroupCommit commits;
    private final Encoder encoder;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Opens the store in `directory`; makes both at the first start, and brings an older store to
    /// this engine's format.
    ///
    /// @throws ProblemException `store.locked` when another process has it, `store.bad-key` when
    ///   its secrets were sealed under another key, `store.unreadable`, `store.full`,
    ///   `store.broken`
    public static H2Store open(Path directory, SecretSealer sealer, Clock clock) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw DirectoryLock.unreadable(directory, e);
        }
        String file = directory.toAbsolutePath().resolve("formwork").toString();
        if (file.contains(";")) {
            throw ProblemException.of(
                    "store.unreadable",
                    "H2 cannot keep a store in " + directory,
                    "use a directory without a semicolon in its path");
        }
        return open(directory, H2Database.at(file), sealer, clock);
    }

    /// @param database where the rows are; the lock is in `directory`
    static H2Store open(Path directory, H2Database database, SecretSealer sealer, Clock clock) {
        DirectoryLock lock = DirectoryLock.take(directory, clock);
        try {
            database.migrate();
            Connection connection = database.connect();
            lock.forceDirectory();
            try {
                return new H2Store(directory, database, lock, connection, sealer);
            } catch (SQLException | ExecutionException | RuntimeException e) {
                database.abandon(connection);
                throw e;
            }
        } catch (IOException | SQLException | ExecutionException | RuntimeException e) {
            ProblemException problem = StoreFailure.of(e, directory);
            try {
                lock.close();
            } catch (IOException unlocking) {
                problem.addSuppressed(unlocking);
            }
            throw problem;
        }
    }

    private H2Store(
            Path directory,
            H2Database database,
            DirectoryLock lock,
            Connection connection,
            SecretSealer sealer)
            throws SQLException, ExecutionException {
        this.directory = directory;
        this.database = database;
        this.lock = lock;
        this.connection = connection;
        this.encoder = new Encoder(sealer);
        List<Connection> reading = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            reading.add(database.connect());
        }
        this.readers = new Readers(reading, directory);
        boolean fresh = checkKey(sealer);
        this.writer = new H2Writer(database, connection, directory);
        this.commits = new GroupCommit(writer);
        if (fresh) {
            String sealed = sealer.seal(new byte[0], KEY_CHECK);
            Uninterrupted.result(commits.add(List.of(FileRows.putSetting(KEY_CHECK, sealed))));
        }
    }

    /// @return whether nothing was sealed yet
    private boolean checkKey(SecretSealer sealer) {
        Optional<String> check = setting(KEY_CHECK);
        check.ifPresent(sealed -> sealer.open(sealed, KEY_CHECK));
        return check.isEmpty();
    }

    @Override
    public CompletableFuture<Void> commit(List<Change> changes) {
        List<Write> writes;
        try {
            writes = encoder.encode(changes);
        } catch (RuntimeException e) {
            ProblemException problem = StoreFailure.of(e, directory);
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
        return readers.read(handle ->
                EventRows.read(handle, encoder.records(), after, writer.durableEvent(), limit));
    }

    @Override
    public Optional<FileTree> files(String digest) {
        return readers.read(handle -> FileRows.tree(handle, digest));
    }

    @Override
    public Optional<String> setting(String name) {
        return readers.read(handle -> FileRows.setting(handle, name));
    }

    /// Writes what was accepted, compacts the file and lets go of the directory. May be called
    /// twice.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        boolean well = commits.close();
        try {
            readers.close();
            if (well) {
                database.shutDown(connection);
            }
        } catch (SQLException e) {
            LOG.warn("The store in {} did not close well: {}", directory, e.getMessage());
            well = false;
        }
        if (!well) {
            database.abandon(connection);
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The lock of the store in {} did not close well", directory, e);
        }
    }
}
