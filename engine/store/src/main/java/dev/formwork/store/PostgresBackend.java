package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// PostgreSQL with a [Seat] in it. Each transaction confirms the seat first, so that no two engines
/// ever write at the same time; where there is nothing to write, the seat is confirmed by itself,
/// four times in a lease.
final class PostgresBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresBackend.class);
    private static final int CONFIRMATIONS = 4;

    private final PostgresDatabase database;
    private final Connection writer;
    private final Seat seat;

    /// When the writer's transaction confirmed the seat, by [System#nanoTime].
    private long begun;

    /// When the seat was ours for certain, by [System#nanoTime].
    private volatile long confirmed;

    private PostgresBackend(
            PostgresDatabase database, Connection writer, Seat seat, long confirmed) {
        this.database = database;
        this.writer = writer;
        this.seat = seat;
        this.confirmed = confirmed;
    }

    /// Takes the seat, and brings the database to this engine's format.
    static PostgresBackend open(PostgresDatabase database, PostgresStore.Standby standby) {
        try {
            Connection writer = database.connect();
            try {
                return open(database, writer, standby);
            } catch (SQLException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            throw database.failure(e);
        }
    }

    private static PostgresBackend open(
            PostgresDatabase database, Connection writer, PostgresStore.Standby standby)
            throws SQLException {
        boolean fresh = !PostgresDatabase.hasSeats(writer);
        if (fresh) {
            database.migrate();
        }
        Seat seat = Seat.take(writer, Seat.MAIN, database.settings(), standby);
        long confirmed = System.nanoTime();
        LOG.info(
                "took the seat {} of {} (epoch {})",
                seat.shard(),
                database.settings(),
                seat.epoch());
        try {
            // Once nobody else writes: this engine may be newer than the one before it.
            if (!fresh) {
                database.migrate();
            }
            return new PostgresBackend(database, writer, seat, confirmed);
        } catch (RuntimeException e) {
            seat.release(writer);
            throw e;
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
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
        seat.confirm(writer, database.settings());
    }

    /// Others wait for the end of the transaction, and then look at the lease: what took long gets
    /// a new one first.
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
        return since(confirmed).compareTo(seat.lease().dividedBy(2)) < 0;
    }

    @Override
    public Duration patience() {
        return seat.lease().dividedBy(CONFIRMATIONS);
    }

    @Override
    public void compact() {
        // The server does that.
    }

    /// Another engine may have taken the seat meanwhile; what waits is told which it was as soon as
    /// the database answers.
    @Override
    public Optional<Problem> problem() {
        Duration age = since(confirmed);
        return age.compareTo(seat.lease()) > 0
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
                seat.confirm(another, database.settings());
            } catch (ProblemException fenced) {
                if (fenced.code().equals("store.fenced")) {
                    return fenced;
                }
            } catch (SQLException e) {
                LOG.debug("not known whether the seat is ours", e);
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
            seat.release(writer);
        } catch (SQLException e) {
            LOG.warn(
                    "The store in {} did not close well; its seat is free in {} s: {}",
                    database.settings(),
                    seat.lease().toSeconds(),
                    e.getMessage());
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
