package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// PostgreSQL with a [Lease] in it. Each transaction confirms the lease first, so that an engine
/// that was taken for dead never writes beside those that took over from it; where there is nothing
/// to write, the lease is confirmed by itself, four times in its length.
final class PostgresBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresBackend.class);
    private static final int CONFIRMATIONS = 4;

    /// SQLSTATE `serialization_failure` and `deadlock_detected`.
    private static final Set<String> REPEAT = Set.of("40001", "40P01");

    private final PostgresDatabase database;
    private final Connection writer;
    private final Lease lease;

    /// When the writer's transaction confirmed the lease, by [System#nanoTime].
    private long begun;

    /// When the lease was ours for certain, by [System#nanoTime].
    private volatile long confirmed;

    private PostgresBackend(
            PostgresDatabase database, Connection writer, Lease lease, long confirmed) {
        this.database = database;
        this.writer = writer;
        this.lease = lease;
        this.confirmed = confirmed;
    }

    /// Brings the database to this engine's format, and enters this engine.
    ///
    /// @param previous an engine of before that has certainly ended
    static PostgresBackend open(PostgresDatabase database, Optional<String> previous) {
        try {
            Connection writer = database.connect();
            try {
                migrate(database, writer, previous);
                long confirmed = System.nanoTime();
                Lease lease = Lease.take(writer, database.settings().lease());
                LOG.info("takes part in {} as {}", database.settings(), lease.engine());
                return new PostgresBackend(database, writer, lease, confirmed);
            } catch (SQLException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            throw database.failure(e);
        }
    }

    /// Engines of another version would write in their format into that of this one.
    private static void migrate(
            PostgresDatabase database, Connection writer, Optional<String> previous)
            throws SQLException {
        boolean fresh = !PostgresDatabase.hasEngines(writer);
        if (!fresh && previous.isPresent()) {
            Lease.end(writer, previous.get());
        }
        Optional<String> living = fresh ? Optional.empty() : Lease.living(writer);
        if (living.isPresent() && !database.isMigrated()) {
            throw ProblemException.of(
                    "store.format",
                    "engines of an older version are at work in "
                            + database.settings()
                            + ": "
                            + living.get(),
                    "stop all of them, then start this one: it brings the database to its format");
        }
        database.migrate();
    }

    /// The name of this engine among those that share the database.
    String engine() {
        return lease.engine();
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Connection writer() {
        return writer;
    }

    @Override
    public Connection connect() throws SQLException {
        return database.connect();
    }

    @Override
    public void begin() throws SQLException {
        begun = System.nanoTime();
        lease.confirm(writer, database.settings());
    }

    /// Where the sum of events is kept, whoever has events waits for the one before.
    @Override
    public EventIds eventIds(Statements statements) {
        return count ->
                statements
                                .number(
                                        "update event_ids set last_id = last_id + ? returning"
                                                + " last_id",
                                        Columns.row(count))
                                .orElseThrow()
                        - count
                        + 1;
    }

    @Override
    public boolean mayRepeat(SQLException failure) throws SQLException {
        if (REPEAT.contains(String.valueOf(failure.getSQLState()))) {
            writer.rollback();
            return true;
        }
        return false;
    }

    /// What can be read there is on the disk.
    @Override
    public long durableEvent() {
        return Long.MAX_VALUE;
    }

    /// Others look at the lease when the transaction has ended: what took long renews it first.
    @Override
    public void commit() throws SQLException {
        if (since(begun).compareTo(patience()) >= 0) {
            begin();
        }
        writer.commit();
        confirmed = begun;
    }

    @Override
    public void confirm() throws SQLException {
        if (since(confirmed).compareTo(patience()) >= 0) {
            begin();
            commit();
        }
    }

    @Override
    public boolean isCertain() {
        return since(confirmed).compareTo(lease.length().dividedBy(2)) < 0;
    }

    @Override
    public Duration patience() {
        return lease.length().dividedBy(CONFIRMATIONS);
    }

    @Override
    public void compact() {
        // The server does that.
    }

    /// Others may have taken over meanwhile; what waits is told as soon as the database answers.
    @Override
    public Optional<Problem> problem() {
        Duration age = since(confirmed);
        return age.compareTo(lease.length()) > 0
                ? Optional.of(
                        Problem.of(
                                "store.unreachable",
                                "the database "
                                        + database.settings()
                                        + " has not answered for "
                                        + age.toSeconds()
                                        + " s",
                                "see that it runs and can be reached; the engine goes on as soon as"
                                        + " it answers, unless another one has taken over"))
                : Optional.empty();
    }

    /// An engine that was stopped in the middle of a transaction finds its connection closed by the
    /// server; that it was replaced meanwhile is what its people should hear.
    @Override
    public ProblemException failure(Throwable cause) {
        if (isClosed()) {
            try (Connection another = database.connect()) {
                lease.confirm(another, database.settings());
            } catch (ProblemException fenced) {
                if (fenced.code().equals("store.fenced")) {
                    return fenced;
                }
            } catch (SQLException e) {
                LOG.debug("not known whether the lease is ours", e);
            }
        }
        return database.failure(cause);
    }

    private boolean isClosed() {
        try {
            return writer.isClosed();
        } catch (SQLException _) {
            return true;
        }
    }

    @Override
    public void close(boolean well) {
        try (writer) {
            writer.rollback();
            writer.setAutoCommit(true);
            lease.end(writer);
        } catch (SQLException e) {
            LOG.warn(
                    "The store in {} did not close well; its shards are free in {} s: {}",
                    database.settings(),
                    lease.length().toSeconds(),
                    e.getMessage());
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
