package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.postgresql.ds.PGSimpleDataSource;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/// A PostgreSQL database, and what must be said to it. Thread-safe.
record PostgresDatabase(PostgresSettings settings) {
    private static final int CONNECT_SECONDS = 10;

    private static final long SHORTEST_SILENCE_MILLIS = 2_000;

    /// After which a connection that says nothing is given up.
    private static final int ANSWER_SECONDS = 60;

    /// One that commits each statement by itself.
    ///
    /// @throws ProblemException `store.unreachable`, `store.denied`
    Connection connect() throws SQLException {
        Connection connection;
        try {
            connection = source().getConnection();
        } catch (SQLException e) {
            throw unconnected(e);
        }
        try {
            prepare(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// A database may be set to acknowledge commits that are in memory only; where it is set to
    /// promise more than `on`, it stays so. And a session that stops in the middle of a transaction
    /// holds its rows against the engine that goes on: the server ends it.
    private void prepare(Connection connection) throws SQLException {
        long silence =
                Math.max(SHORTEST_SILENCE_MILLIS, settings.lease().multipliedBy(2).toMillis());
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "select set_config('synchronous_commit', case"
                            + " current_setting('synchronous_commit') when 'off' then 'on'"
                            + " else current_setting('synchronous_commit') end, false),"
                            + " set_config('idle_in_transaction_session_timeout', '"
                            + silence
                            + "', false)");
        }
    }

    void migrate() {
        Dialect.POSTGRESQL.migrate(source());
    }

    /// @param version of the tables to stop at
    void migrate(Optional<String> version) {
        Dialect.POSTGRESQL.migrate(source(), version);
    }

    /// Whether it is in this engine's format.
    boolean isMigrated() {
        return Dialect.POSTGRESQL.isMigrated(source());
    }

    static boolean hasEngines(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select 1 from information_schema.tables where table_name = 'engines'"
                                        + " and table_schema = current_schema()")) {
            return rows.next();
        }
    }

    ProblemException failure(Throwable cause) {
        return StoreFailure.of(
                cause,
                Problem.of(
                        "store.full",
                        "the disk of the database " + settings + " is full",
                        "free some space there and restart the engine: nothing that was"
                                + " acknowledged is lost"),
                "the store in " + settings,
                "look at the database and at the engine's log; restart the engine: nothing that was"
                        + " acknowledged is lost");
    }

    private ProblemException unconnected(SQLException cause) {
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        Problem problem =
                state.startsWith("28") || state.startsWith("3D")
                        ? Problem.of(
                                "store.denied",
                                "the database "
                                        + settings
                                        + " does not let this engine in: "
                                        + cause.getMessage(),
                                "see that the role and the database exist, and that PGPASSWORD or"
                                        + " the password's file has its password")
                        : Problem.of(
                                "store.unreachable",
                                "the database "
                                        + settings
                                        + " cannot be reached: "
                                        + cause.getMessage(),
                                "see that it runs there, takes writes and lets this host in");
        return new ProblemException(List.of(problem), cause);
    }

    PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(settings.jdbcUrl());
        source.setUser(settings.user());
        settings.password().ifPresent(source::setPassword);
        source.setApplicationName("formwork");
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(ANSWER_SECONDS);
        source.setTcpKeepAlive(true);
        source.setTargetServerType("primary");
        // Rows of one batch go in one statement.
        source.setReWriteBatchedInserts(true);
        return source;
    }
}
