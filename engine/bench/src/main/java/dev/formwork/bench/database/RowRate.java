package dev.formwork.bench.database;

import dev.formwork.postgres.PostgresServer;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// The ceiling: one thread that does nothing but write rows in groups, and force each group to the
/// disk. The rows are those of a step transition as the store has them, column by column and byte
/// by byte: nothing reads them, makes them out of anything, seals them or asks whose they are.
public final class RowRate implements AutoCloseable {
    /// As the store has them, where they matter here: a commit is in the file when it returns.
    private static final String H2_SETTINGS =
            ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;CACHE_SIZE=65536";

    /// How many nodes take turns, as in [dev.formwork.bench.transitions].
    private static final int NODES = 1000;

    private static final String RUN = "r-bench";
    private static final String REASON = "offered to its agent";
    private static final String DATA =
            "{\"state\":\"running\",\"reason\":\"offered to its agent\",\"attempt\":1}";

    private static final String NODE_COLUMNS =
            "run_id varchar not null, node_key varchar not null, state varchar not null, attempt"
                    + " integer not null, phase integer not null, iteration integer not null, token"
                    + " bigint not null, job_id varchar, reason text not null, code varchar,"
                    + " question varchar, wake_at timestamp(6) with time zone, in_line_since"
                    + " timestamp(6) with time zone, mutex varchar, mutex_max integer, started_at"
                    + " timestamp(6) with time zone, ended_at timestamp(6) with time zone, primary"
                    + " key (run_id, node_key)";

    private static final String EVENT_COLUMNS =
            "event_id bigint not null primary key, happened_at timestamp(6) with time zone not"
                    + " null, type varchar not null, run_id varchar, subject varchar not null, data"
                    + " text not null";

    /// What is the same in every node's row but its key, its state and its start.
    private static final String NODE_VALUES =
            "(?, ?, ?, 1, 1, 0, 1, null, ?, null, null, null, null, null, null, ?, null)";

    private final Connection connection;
    private final PreparedStatement node;
    private final PreparedStatement event;
    private final Optional<String> force;
    private final Optional<String> end;
    private long next;

    /// @param room what is said about the table of nodes, behind its columns
    /// @param putNode replaces a node's row by its key
    /// @param force what makes a commit durable, where it is not
    /// @param end what ends the database, where closing the connection does not
    private RowRate(
            Connection connection,
            String room,
            String putNode,
            Optional<String> force,
            Optional<String> end)
            throws SQLException {
        this.connection = connection;
        this.force = force;
        this.end = end;
        execute("create table nodes (" + NODE_COLUMNS + ")" + room);
        execute("create table events (" + EVENT_COLUMNS + ")");
        connection.setAutoCommit(false);
        node = connection.prepareStatement(putNode);
        event = connection.prepareStatement("insert into events values (?, ?, ?, ?, ?, ?)");
    }

    static RowRate inFiles(Path directory) throws SQLException {
        String url = "jdbc:h2:" + directory.toAbsolutePath().resolve("rows") + H2_SETTINGS;
        return new RowRate(
                DriverManager.getConnection(url, "sa", ""),
                "",
                "merge into nodes key (run_id, node_key) values " + NODE_VALUES,
                Optional.of("checkpoint sync"),
                Optional.of("shutdown immediately"));
    }

    /// Rows of a group go in few statements, as those of the store do.
    static RowRate onPostgres(PostgresServer server, String database) throws SQLException {
        String url =
                "jdbc:postgresql://127.0.0.1:%d/%s?reWriteBatchedInserts=true"
                        .formatted(server.port(), database);
        return new RowRate(
                DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.PASSWORD),
                " with (fillfactor = 50)",
                "insert into nodes values "
                        + NODE_VALUES
                        + " on conflict (run_id, node_key) do update set state = excluded.state,"
                        + " reason = excluded.reason, started_at = excluded.started_at",
                Optional.empty(),
                Optional.empty());
    }

    /// Rows appended to one table.
    ///
    /// @param group how many rows are committed and forced together; with 1 these are the commits
    ///   that the database makes one after the other
    /// @return durable rows per second
    public double appended(int group, Duration length) throws SQLException {
        return measured(group, length, false);
    }

    /// What a transition writes: a row replaced by its key, and a row appended to another table.
    ///
    /// @param group how many such pairs are committed and forced together
    /// @return durable pairs per second
    public double pairs(int group, Duration length) throws SQLException {
        return measured(group, length, true);
    }

    private double measured(int group, Duration length, boolean both) throws SQLException {
        long began = System.nanoTime();
        long end = began + length.toNanos();
        long count = 0;
        while (System.nanoTime() < end) {
            OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
            for (int i = 0; i < group; i++) {
                add(next++, now, both);
            }
            if (both) {
                node.executeBatch();
            }
            event.executeBatch();
            connection.commit();
            if (force.isPresent()) {
                execute(force.get());
            }
            count += group;
        }
        return count / ((System.nanoTime() - began) / 1e9);
    }

    private void add(long id, OffsetDateTime now, boolean both) throws SQLException {
        String key = "step_0@machine-" + id % NODES;
        if (both) {
            node.setString(1, RUN);
            node.setString(2, key);
            node.setString(3, id / NODES % 2 == 0 ? "RUNNING" : "SUCCEEDED");
            node.setString(4, REASON);
            node.setObject(5, now);
            node.addBatch();
        }
        event.setLong(1, id);
        event.setObject(2, now);
        event.setString(3, "node.changed");
        event.setString(4, RUN);
        event.setString(5, key);
        event.setString(6, DATA);
        event.addBatch();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        if (end.isPresent()) {
            execute(end.get());
        } else {
            connection.close();
        }
    }
}
