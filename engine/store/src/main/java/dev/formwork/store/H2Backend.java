package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// H2 in a directory that one process has locked: the right to write ends with the process.
final class H2Backend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(H2Backend.class);

    private final Path directory;
    private final H2Database database;
    private final DirectoryLock lock;
    private final Connection writer;

    // Of the writer's thread.
    private long lastEvent;

    private volatile long durableEvent;

    private H2Backend(Path directory, H2Database database, DirectoryLock lock, Connection writer)
            throws SQLException {
        this.directory = directory;
        this.database = database;
        this.lock = lock;
        this.writer = writer;
        try (Statement statement = writer.createStatement();
                ResultSet rows = statement.executeQuery(EventRows.LAST)) {
            this.lastEvent = rows.next() ? rows.getLong(1) : 0;
        }
        this.durableEvent = lastEvent;
    }

    /// Locks the directory, and brings the database in it to this engine's format.
    static H2Backend open(Path directory, H2Database database, Clock clock) {
        DirectoryLock lock = DirectoryLock.take(directory, clock);
        try {
            database.migrate();
            Connection writer = database.connect();
            lock.forceDirectory();
            return new H2Backend(directory, database, lock, writer);
        } catch (IOException | SQLException | RuntimeException e) {
            ProblemException problem = failure(e, directory);
            try {
                lock.close();
            } catch (IOException unlocking) {
                problem.addSuppressed(unlocking);
            }
            throw problem;
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.H2;
    }

    @Override
    public Connection connect() throws SQLException {
        return database.connect();
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Connection writer() {
        return writer;
    }

    @Override
    public void begin() {
        // The lock is ours as long as we are.
    }

    @Override
    public EventIds eventIds(Statements statements) {
        return count -> {
            long first = lastEvent + 1;
            lastEvent += count;
            return first;
        };
    }

    /// There is no other writer.
    @Override
    public boolean mayRepeat(SQLException failure) {
        return false;
    }

    @Override
    public long durableEvent() {
        return durableEvent;
    }

    @Override
    public void commit() throws SQLException {
        writer.commit();
        database.force(writer);
        durableEvent = lastEvent;
    }

    @Override
    public void confirm() {
        // The lock is ours as long as we are.
    }

    @Override
    public boolean isCertain() {
        return true;
    }

    @Override
    public Duration patience() {
        return Duration.ofDays(1);
    }

    @Override
    public void compact() throws SQLException {
        database.compact(writer);
    }

    @Override
    public Optional<Problem> problem() {
        return Optional.empty();
    }

    @Override
    public ProblemException failure(Throwable cause) {
        return failure(cause, directory);
    }

    private static ProblemException failure(Throwable cause, Path directory) {
        return StoreFailure.of(
                cause,
                Problem.of(
                        "store.full",
                        "the disk under " + directory + " is full",
                        "free some space and restart the engine: nothing that was acknowledged is"
                                + " lost"),
                "the store in " + directory,
                "look at the disk and at the engine's log; restart the engine: nothing that was"
                        + " acknowledged is lost");
    }

    @Override
    public void close(boolean well) {
        boolean shut = false;
        if (well) {
            try {
                database.shutDown(writer);
                shut = true;
            } catch (SQLException e) {
                LOG.warn("The store in {} did not close well: {}", directory, e.getMessage());
            }
        }
        if (!shut) {
            database.abandon(writer);
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The lock of the store in {} did not close well", directory, e);
        }
    }
}
