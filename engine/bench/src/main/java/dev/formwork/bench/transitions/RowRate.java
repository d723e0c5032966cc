package dev.formwork.bench.transitions;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// The ceiling: one thread that does nothing but append rows of an event's size to one table of H2,
/// in groups, and force each group to the disk.
final class RowRate implements AutoCloseable {
    /// As the store has them, where they matter here: a commit is in the file when it returns.
    private static final String SETTINGS =
            ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;CACHE_SIZE=65536";

    private static final String CONTENT =
            "{\"state\":\"running\",\"reason\":\"offered to its agent\",\"attempt\":1}"
                    + " step_1@machine-1 node.changed r-bench 2026-01-01T00:00:00.000000Z";

    private final Connection connection;
    private final PreparedStatement insert;
    private final Statement force;
    private long next;

    RowRate(Path directory) throws SQLException {
        connection =
                DriverManager.getConnection(
                        "jdbc:h2:" + directory.toAbsolutePath().resolve("rows") + SETTINGS,
                        "sa",
                        "");
        force = connection.createStatement();
        force.execute("create table rows_written (id bigint primary key, content text not null)");
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("insert into rows_written values (?, ?)");
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
            force.execute("checkpoint sync");
            count += group;
        }
        return count / ((System.nanoTime() - began) / 1e9);
    }

    @Override
    public void close() throws SQLException {
        force.execute("shutdown immediately");
    }
}
