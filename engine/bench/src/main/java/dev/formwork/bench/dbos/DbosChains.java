package dev.formwork.bench.dbos;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import dev.dbos.transact.workflow.WorkflowHandle;
import dev.formwork.postgres.PostgresServer;

import java.util.ArrayList;
import java.util.List;

/// Workflows of empty steps, one after the other, in DBOS Transact for Java on PostgreSQL. It runs
/// each workflow on a virtual thread; a step asks whether it was done, and records that it was.
public final class DbosChains implements AutoCloseable {
    /// Its own pool has 10 connections; with 20 it was fastest on two cores, and with 50 no faster.
    private static final int CONNECTIONS = 20;

    private final HikariDataSource connections;
    private final DBOS dbos;
    private final Chain chain;

    /// What DBOS makes durable: it wants an interface.
    public interface Chain {
        /// @param steps one after the other
        void run(int steps);
    }

    private static final class EmptySteps implements Chain {
        private final DBOS dbos;

        private EmptySteps(DBOS dbos) {
            this.dbos = dbos;
        }

        @Override
        @Workflow
        public void run(int steps) {
            for (int step = 0; step < steps; step++) {
                dbos.runStep(() -> {}, "step");
            }
        }
    }

    /// @param database empty
    public DbosChains(PostgresServer server, String database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), database));
        config.setUsername(PostgresServer.USER);
        config.setPassword(PostgresServer.PASSWORD);
        config.setMaximumPoolSize(CONNECTIONS);
        connections = new HikariDataSource(config);
        dbos = new DBOS(DBOSConfig.defaults("bench").withDataSource(connections));
        chain = dbos.registerProxy(Chain.class, new EmptySteps(dbos));
        dbos.launch();
    }

    /// Runs workflows at the same time, and waits for all of them.
    ///
    /// @return steps per second
    public double round(int workflows, int steps) {
        long began = System.nanoTime();
        List<WorkflowHandle<Void, RuntimeException>> started = new ArrayList<>();
        for (int i = 0; i < workflows; i++) {
            started.add(dbos.startWorkflow(() -> chain.run(steps)));
        }
        started.forEach(WorkflowHandle::getResult);
        return (long) workflows * steps / ((System.nanoTime() - began) / 1e9);
    }

    @Override
    public void close() {
        dbos.shutdown();
        connections.close();
    }
}
