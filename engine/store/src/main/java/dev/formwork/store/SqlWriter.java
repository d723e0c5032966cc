package dev.formwork.store;

import dev.formwork.model.ProblemException;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// Writes groups of commits to a database, each in one transaction. Used by one thread.
final class SqlWriter implements GroupCommit.Target {
    /// How often a transaction is tried that the database asks to repeat.
    private static final int ATTEMPTS = 10;

    private final Backend backend;
    private final Statements statements;
    private final Counters counters;
    private final DroppedRuns dropped;

    SqlWriter(Backend backend) throws SQLException {
        this.backend = backend;
        Connection connection = backend.writer();
        this.statements = new Statements(connection, backend.dialect());
        this.dropped = new DroppedRuns();
        if (!backend.isShared()) {
            dropped.read(statements);
        }
        this.counters = new Counters();
        connection.setAutoCommit(false);
    }

    @Override
    public void write(List<Write> writes) throws SQLException {
        if (writes.isEmpty()) {
            repeated(backend::confirm);
            return;
        }
        repeated(() -> {
            backend.begin();
            Batch batch = new Batch(statements, counters, dropped);
            for (Write write : writes) {
                batch.add(write);
            }
            batch.finish(backend.eventIds(statements));
            backend.commit();
        });
    }

    private interface Transaction {
        void carryOut() throws SQLException;
    }

    /// Carries out a transaction, and does all of it again where the database asks for that.
    private void repeated(Transaction transaction) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                transaction.carryOut();
                dropped.settle(true);
                return;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !backend.mayRepeat(e)) {
                    throw e;
                }
                counters.forgetLogs();
                dropped.settle(false);
            }
        }
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
        if (dropped.isDone()) {
            repeated(backend::confirm);
            return false;
        }
        repeated(() -> {
            backend.begin();
            dropped.purgeStep(statements);
            backend.commit();
        });
        return !dropped.isDone();
    }

    @Override
    public ProblemException failure(Throwable cause) {
        return backend.failure(cause);
    }
}
