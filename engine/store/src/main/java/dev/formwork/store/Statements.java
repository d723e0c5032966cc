package dev.formwork.store;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The writer's statements, prepared once. Row counts are checked: a write that changes another
/// number of rows than it says is an error, and not a surprise later. Not thread-safe.
final class Statements implements AutoCloseable {
    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final Map<Table, RowStatement> putting = new HashMap<>();
    private final Map<Table, RowStatement> inserting = new HashMap<>();

    Statements(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /// Each row is one row of the table afterwards, in the place of one with its key.
    void put(Table table, Collection<List<@Nullable Object>> rows) throws SQLException {
        if (!rows.isEmpty()) {
            RowStatement statement = putting.get(table);
            if (statement == null) {
                statement = dialect.putting(connection, table);
                putting.put(table, statement);
            }
            statement.write(rows);
        }
    }

    /// Each row is one row of the table afterwards, and was not there before.
    void insert(Table table, Collection<List<@Nullable Object>> rows) throws SQLException {
        if (!rows.isEmpty()) {
            RowStatement statement = inserting.get(table);
            if (statement == null) {
                statement = dialect.inserting(connection, table);
                inserting.put(table, statement);
            }
            statement.write(rows);
        }
    }

    /// One row. Where its key is there, also by a transaction that is just under way, that one
    /// stays.
    void insertUnlessThere(Table table, List<@Nullable Object> row) throws SQLException {
        execute(dialect.insertingUnlessThere(table), row);
    }

    /// Each row may be there or not.
    void drop(String sql, Collection<List<@Nullable Object>> keys) throws SQLException {
        for (int count : batch(sql, keys)) {
            if (count > 1) {
                throw new SQLException("1 row should have been deleted, not " + count + ": " + sql);
            }
        }
    }

    /// Whatever number of rows it changes.
    void execute(String sql, List<@Nullable Object> parameters) throws SQLException {
        PreparedStatement statement = statement(sql);
        bind(statement, parameters);
        statement.executeUpdate();
    }

    /// The first column of the first row.
    OptionalLong number(String sql, List<@Nullable Object> parameters) throws SQLException {
        PreparedStatement statement = statement(sql);
        bind(statement, parameters);
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
        }
    }

    /// The first column of the first row.
    Optional<String> text(String sql, List<@Nullable Object> parameters) throws SQLException {
        PreparedStatement statement = statement(sql);
        bind(statement, parameters);
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        }
    }

    /// Keeps other engines from holding the same row until the transaction ends. Makes it where it
    /// is not there.
    void hold(Table table, List<@Nullable Object> row) throws SQLException {
        Optional<String> sql = dialect.holding(table);
        if (sql.isPresent()) {
            List<@Nullable Object> key = row.subList(0, table.keys().size());
            if (number(sql.get(), key).isEmpty()) {
                insertUnlessThere(table, row);
                if (number(sql.get(), key).isEmpty()) {
                    throw new SQLException("a row is gone that was there: " + table.name());
                }
            }
        }
    }

    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    void bind(PreparedStatement statement, List<@Nullable Object> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, dialect.parameter(parameters.get(i)));
        }
    }

    private int[] batch(String sql, Collection<List<@Nullable Object>> rows) throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        PreparedStatement statement = statement(sql);
        for (List<@Nullable Object> row : rows) {
            bind(statement, row);
            statement.addBatch();
        }
        return statement.executeBatch();
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : prepared.values()) {
            statement.close();
        }
        for (RowStatement statement : putting.values()) {
            statement.close();
        }
        for (RowStatement statement : inserting.values()) {
            statement.close();
        }
    }
}
