package dev.formwork.store;

import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        String upsert(Table table) {
            return "merge into %s (%s) key (%s) values (%s)"
                    .formatted(table.name(), columns(table), keys(table), places(table));
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

        // A table that is all key gets it anew, so that a row is counted.
        @Override
        String upsert(Table table) {
            List<String> changing = table.columns().isEmpty() ? table.keys() : table.columns();
            String changes =
                    changing.stream()
                            .map(column -> column + " = excluded." + column)
                            .collect(Collectors.joining(", "));
            return "insert into %s (%s) values (%s) on conflict (%s) do update set %s"
                    .formatted(table.name(), columns(table), places(table), keys(table), changes);
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

    /// Inserts or replaces a row: the key's columns, then the others.
    abstract String upsert(Table table);

    /// A value as a column takes it.
    abstract @Nullable Object parameter(@Nullable Object value);

    /// Brings a database to this engine's format.
    void migrate(DataSource database) {
        Flyway.configure().dataSource(database).locations(migrations()).load().migrate();
    }

    private static String columns(Table table) {
        return names(table).collect(Collectors.joining(", "));
    }

    private static String keys(Table table) {
        return String.join(", ", table.keys());
    }

    private static String places(Table table) {
        return names(table).map(_ -> "?").collect(Collectors.joining(", "));
    }

    private static Stream<String> names(Table table) {
        return Stream.concat(table.keys().stream(), table.columns().stream());
    }
}
