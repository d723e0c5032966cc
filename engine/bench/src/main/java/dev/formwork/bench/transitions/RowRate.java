package dev.formwork.bench.transitions;

import dev.formwork.postgres.PostgresServer;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/// The ceiling: one thread that does nothing but append rows of an event's size to one table, in
/// groups, and force each group to the disk.
final class RowRate implements AutoCloseable {
    /// As the store has them, where they matter here: a commit is in the file when it returns.
    private static final String H2_SETTINGS =
            ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;CACHE_SIZE=65536";

    private static final String CONTENT =
            "{\"state\":\"running\",\"reason\":\"offered to its agent\",\"attempt\":1}"
                    + " step_1@machine-1 node.changed r-bench 2026-01-01T00:00:00.000000Z";

    private final Connection connection;
    private final PreparedStatement insert;
    private final Optional<String> force;
    private final Optional<String> end;
    private long next;

    /// @param force what makes a commit durable, where it is not
    /// @param end what ends the database, where closing the connection does not
    private RowRate(Connection connection, Optional<String> force, Optional<String> end)
            throws SQLException {
        this.connection = connection;
        this.force = force;
        this.end = end;
        execute("create table rows_written (id bigint primary key, content text not null)");
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("insert into rows_written values (?, ?)");
    }

    static RowRate inFiles(Path directory) throws SQLException {
        String url = "jdbc:h2:" + directory.toAbsolutePath().resolve("rows") + H2_SETTINGS;
        return new RowRate(
                DriverManager.getConnection(url, "sa", ""),
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
                Optional.empty(),
                Optional.empty());
    }

    /// @param group how many rows are committed and forced together
    /// @return durable rows per second
    double round(int group, Duration length) throws SQLException {
        long began = System.nanoTime();
        long end = began + length.toNanos();
        long count = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < group; i++) {
                insert.setLong(1, next++);
                insert.setString(2, CONTENT);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
            if (force.isPresent()) {
                execute(force.get());
            }
            count += group;
        }
        return count / ((System.nanoTime() - began) / 1e9);
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
