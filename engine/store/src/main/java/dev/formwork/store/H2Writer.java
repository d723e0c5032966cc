package dev.formwork.store;

import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes groups of commits to H2 and forces them to the disk. Used by one thread, but for
/// [#durableEvent].
final class H2Writer implements GroupCommit.Target {
    private final H2Database database;
    private final Connection connection;
    private final Path directory;
    private final Statements statements;
    private final Counters counters;
    private final DroppedRuns dropped;
    private volatile long durableEvent;

    H2Writer(H2Database database, Connection connection, Path directory) throws SQLException {
        this.database = database;
        this.connection = connection;
        this.directory = directory;
        this.statements = new Statements(connection);
        Handle handle = Jdbi.create(connection).open();
        Set<RunId> runs =
                handle.createQuery("select run_id from dropped_runs")
                        .mapTo(String.class)
                        .map(RunId::new)
                        .collect(Collectors.toSet());
        this.dropped = new DroppedRuns(runs);
        this.counters = new Counters(EventRows.last(handle));
        this.durableEvent = counters.lastEvent();
        connection.setAutoCommit(false);
    }

    /// The newest event that is on the disk.
    long durableEvent() {
        return durableEvent;
    }

    @Override
    public void write(List<Write> writes) throws SQLException {
        Batch batch = new Batch(statements, counters, dropped);
        for (Write write : writes) {
            batch.add(write);
        }
        batch.flush();
        commit();
        durableEvent = counters.lastEvent();
    }

    @Override
    public void compact() throws SQLException {
        database.compact(connection);
    }

    @Override
    public boolean tidy() throws SQLException {
        if (dropped.isEmpty()) {
            return false;
        }
        dropped.purgeStep(statements);
        commit();
        return !dropped.isEmpty();
    }

    @Override
    public ProblemException failure(Throwable cause) {
        return StoreFailure.of(cause, directory);
    }

    private void commit() throws SQLException {
        connection.commit();
        database.force(connection);
    }
}
