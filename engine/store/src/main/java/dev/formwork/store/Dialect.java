package dev.formwork.store;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.h2.engine.Constants;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import javax.sql.DataSource;

/// What the databases say in different words. All other SQL is read the same by both, and by what
/// speaks PostgreSQL's language.
enum Dialect {
    H2 {
        @Override
        String[] migrations() {
            return new String[] {TABLES};
        }

        @Override
        void snapshot(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                // Else a table's rows are all in memory before the first is given.
                statement.execute("set lazy_query_execution true");
            }
            connection.setTransactionIsolation(Constants.TRANSACTION_SNAPSHOT);
            connection.setAutoCommit(false);
        }

        @Override
        RowStatement inserting(Connection connection, Table table) throws SQLException {
            return new RowBatch(connection, insert(table));
        }

        // There is no other engine that could have done it meanwhile.
        @Override
        String insertingUnlessThere(Table table) {
            return insert(table);
        }

        @Override
        Optional<String> holding(Table table) {
            return Optional.empty();
        }

        @Override
        RowStatement putting(Connection connection, Table table) throws SQLException {
            return new RowBatch(
                    connection,
                    "merge into %s (%s) key (%s) values (%s)"
                            .formatted(table.name(), columns(table), keys(table), places(table)));
        }

        @Override
        @Nullable Object parameter(@Nullable Object value) {
            return value;
        }
    },

    POSTGRESQL {
        @Override
        String[] migrations() {
            return new String[] {TABLES, "classpath:db/migration/postgresql"};
        }

        @Override
        void snapshot(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                // Who reads the backup may be slow.
                statement.execute("set idle_in_transaction_session_timeout = 0");
            }
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
        }

        @Override
        RowStatement inserting(Connection connection, Table table) throws SQLException {
            return new RowArrays(connection, table, "");
        }

        @Override
        String insertingUnlessThere(Table table) {
            return insert(table) + " on conflict (%s) do nothing".formatted(keys(table));
        }

        @Override
        Optional<String> holding(Table table) {
            return Optional.of(table.exists() + " for update");
        }

        // A table that is all key gets it anew, so that a row is counted.
        @Override
        RowStatement putting(Connection connection, Table table) throws SQLException {
            List<String> changing = table.columns().isEmpty() ? table.keys() : table.columns();
            String changes =
                    changing.stream()
                            .map(column -> column + " = excluded." + column)
                            .collect(Collectors.joining(", "));
            return new RowArrays(
                    connection,
                    table,
                    " on conflict (%s) do update set %s".formatted(keys(table), changes));
        }

        // PostgreSQL's text holds every character but U+0000, which only a hostile machine sends.
        @Override
        @Nullable Object parameter(@Nullable Object value) {
            return value instanceof String text && text.indexOf('\0') >= 0
                    ? text.replace('\0', '\uFFFD')
                    : value;
        }
    };

    /// Of both, so that they stay the same.
    private static final String TABLES = "classpath:db/migration/store";

    /// Where its migrations are.
    abstract String[] migrations();

    /// Inserts rows: none of their keys is there.
    abstract RowStatement inserting(Connection connection, Table table) throws SQLException;

    /// Inserts one row that was not there a moment ago, unless another engine has done so since.
    abstract String insertingUnlessThere(Table table);

    /// Looks at a row and keeps it until the transaction ends; empty where there is no other
    /// engine.
    abstract Optional<String> holding(Table table);

    /// Inserts rows, or replaces those with their keys.
    abstract RowStatement putting(Connection connection, Table table) throws SQLException;

    /// A value as a column takes it.
    abstract @Nullable Object parameter(@Nullable Object value);

    /// Begins a transaction that sees all tables as they are now, and reads them row by row. On a
    /// connection that is used for nothing else afterwards.
    abstract void snapshot(Connection connection) throws SQLException;

    /// Brings a database to this engine's format.
    void migrate(DataSource database) {
        migrate(database, Optional.empty());
    }

    /// @param version of the tables to stop at
    void migrate(DataSource database, Optional<String> version) {
        FluentConfiguration flyway =
                Flyway.configure().dataSource(database).locations(migrations());
        version.ifPresent(flyway::target);
        flyway.load().migrate();
    }

    /// Whether a version of the tables is one that this engine does not know.
    boolean isNewer(DataSource database, String version) {
        return Arrays.stream(
                        Flyway.configure()
                                .dataSource(database)
                                .locations(migrations())
                                .load()
                                .info()
                                .all())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .allMatch(known -> known.compareTo(MigrationVersion.fromVersion(version)) < 0);
    }

    /// Whether a database is in this engine's format.
    boolean isMigrated(DataSource database) {
        return Flyway.configure()
                        .dataSource(database)
                        .locations(migrations())
                        .load()
                        .info()
                        .pending()
                        .length
                == 0;
    }

    private static String insert(Table table) {
        return "insert into %s (%s) values (%s)"
                .formatted(table.name(), columns(table), places(table));
    }

    private static String columns(Table table) {
        return String.join(", ", table.all());
    }

    private static String keys(Table table) {
        return String.join(", ", table.keys());
    }

    private static String places(Table table) {
        return String.join(", ", Collections.nCopies(table.all().size(), "?"));
    }
}
