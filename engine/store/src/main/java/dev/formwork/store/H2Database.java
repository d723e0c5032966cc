package dev.formwork.store;

import dev.formwork.store.disk.AtomicFilePath;

import org.h2.engine.Database;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// An H2 database in a file, and what must be said to it. Thread-safe.
///
/// @param url where it is
/// @param forced whether commits are forced to the disk; a test shows what is lost without
/// @param migrating whether its tables may be missing or old
/// @param roomy how long its file may get before space is won back, in bytes
record H2Database(String url, boolean forced, boolean migrating, long roomy) {
    private static final Logger LOG = LoggerFactory.getLogger(H2Database.class);

    private static final long ROOMY = 64L * 1024 * 1024;

    /// Where less than this share of what was written is still valid (in percent), some of it (in
    /// bytes) is written anew.
    private static final int FILL_RATE = 40;

    private static final int REWRITE = 4 * 1024 * 1024;

    /// WRITE_DELAY=0: a commit is written to the file when it returns, and no thread of H2's own
    /// writes later. The file is not forced to the disk by it: that is [#force].
    ///
    /// RETENTION_TIME=1000 (ms; H2's 45,000): how long H2 leaves the space of old data alone, to
    /// find its way back to it after a power loss. [AtomicFilePath] sees to that.
    private static final String SETTINGS =
            ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=2000"
                    + ";RETENTION_TIME=1000;TRACE_LEVEL_FILE=0;MAX_LENGTH_INPLACE_LOB=65536;CACHE_SIZE=65536;TIME ZONE=UTC";

    /// @param file without H2's suffix; may have one of H2's file schemes before it
    static H2Database at(String file) {
        AtomicFilePath.register();
        return new H2Database("jdbc:h2:atomic:" + file + SETTINGS, true, true, ROOMY);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "sa", "");
    }

    void migrate() {
        if (migrating) {
            Dialect.H2.migrate(source());
        }
    }

    /// @param version of the tables to stop at
    void migrate(Optional<String> version) {
        Dialect.H2.migrate(source(), version);
    }

    JdbcDataSource source() {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl(url);
        database.setUser("sa");
        database.setPassword("");
        return database;
    }

    /// Forces all that is committed to the disk.
    void force(Connection connection) throws SQLException {
        if (forced) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("checkpoint sync");
            }
        }
    }

    /// Wins back a little of the space that old rows take. H2 has a thread for this, which comes
    /// with writes that we do not know of; so the writer does it.
    void compact(Connection connection) throws SQLException {
        MVStore store = inside(connection).getStore().getMvStore();
        if (store.getFileStore().size() > roomy) {
            store.compact(FILL_RATE, REWRITE);
        }
    }

    /// Closes the database for all connections, and compacts its file as far as there is time.
    void shutDown(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("shutdown");
        }
    }

    /// Closes it without writing anything more; also one that has failed, which obeys no SQL.
    void abandon(Connection connection) {
        try {
            inside(connection).shutdownImmediately();
        } catch (SQLException e) {
            LOG.debug("It was closed already", e);
        }
    }

    private static Database inside(Connection connection) throws SQLException {
        Session session = connection.unwrap(JdbcConnection.class).getSession();
        if (session instanceof SessionLocal local) {
            return local.getDatabase();
        }
        throw new SQLException("the connection is closed");
    }
}
