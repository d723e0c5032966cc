package dev.formwork.store;

import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes groups of commits to a database, each in one transaction. Used by one thread, but for
/// [#durableEvent].
final class SqlWriter implements GroupCommit.Target {
    private final Backend backend;
    private final Statements statements;
    private final Counters counters;
    private final DroppedRuns dropped;
    private volatile long durableEvent;

    SqlWriter(Backend backend) throws SQLException {
        this.backend = backend;
        Connection connection = backend.writer();
        this.statements = new Statements(connection, backend.dialect());
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
        if (writes.isEmpty()) {
            backend.confirm();
            return;
        }
        backend.begin();
        Batch batch = new Batch(statements, counters, dropped);
        for (Write write : writes) {
            batch.add(write);
        }
        batch.flush();
        backend.commit();
        durableEvent = counters.lastEvent();
    }

    @Override
    public void compact() throws SQLException {
        backend.compact();
    }

    @Override
    public boolean isCertain() {
        return backend.isCertain();
    }

    @Override
    public Duration patience() {
        return backend.patience();
    }

    @Override
    public boolean tidy() throws SQLException {
        if (dropped.isEmpty()) {
            backend.confirm();
            return false;
        }
        backend.begin();
        dropped.purgeStep(statements);
        backend.commit();
        return !dropped.isEmpty();
    }

    @Override
    public ProblemException failure(Throwable cause) {
        return backend.failure(cause);
    }
}
