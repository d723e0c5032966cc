package dev.formwork.store;

import org.flywaydb.core.Flyway;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// An H2 database in a file, and what must be said to it. Thread-safe.
///
/// @param url where it is
/// @param sync whether a commit is forced to the disk; a test shows what is lost without
record H2Database(String url, boolean sync) {
    /// WRITE_DELAY=0: a commit is written to the file when it returns, and no thread of H2's own
    /// writes later. The file is not forced to the disk by it: that is [#force].
    private static final String SETTINGS =
            ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=5000"
                    + ";TRACE_LEVEL_FILE=0;MAX_LENGTH_INPLACE_LOB=65536;CACHE_SIZE=65536;TIME ZONE=UTC";

    /// @param file without H2's suffix; may have one of H2's file schemes before it
    static H2Database at(String file) {
        return new H2Database("jdbc:h2:" + file + SETTINGS, true);
    }

    H2Database withoutSync() {
        return new H2Database(url, false);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "sa", "");
    }

    void migrate() {
        Flyway.configure()
                .dataSource(url, "sa", "")
                .locations("classpath:db/migration/h2")
                .load()
                .migrate();
    }

    /// Forces all that is committed to the disk.
    void force(Connection connection) throws SQLException {
        if (sync) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("checkpoint sync");
            }
        }
    }

    /// Closes the database for all connections, and compacts its file as far as there is time.
    void shutDown(Connection connection) throws SQLException {
        execute(connection, "shutdown");
    }

    /// Closes it without writing anything more.
    void abandon(Connection connection) throws SQLException {
        execute(connection, "shutdown immediately");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
