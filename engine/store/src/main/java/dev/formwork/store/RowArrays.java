package dev.formwork.store;

import org.jspecify.annotations.Nullable;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Rows as one array for each column, in one statement: for a database behind a socket. It reads
/// and plans one statement however many rows there are, and the driver sends few and large values.
final class RowArrays implements RowStatement {
    /// What one statement takes on: all of it is in memory at once, here and there.
    private static final int ROWS = 4_096;

    private static final long BYTES = 8L * 1024 * 1024;

    private final Connection connection;
    private final List<String> types;
    private final String sql;
    private final PreparedStatement statement;

    /// @param conflict what is said about rows that are there already
    RowArrays(Connection connection, Table table, String conflict) throws SQLException {
        this.connection = connection;
        this.types = types(connection, table);
        this.sql =
                "insert into "
                        + table.name()
                        + " ("
                        + String.join(", ", table.all())
                        + ") select * from unnest("
                        + types.stream()
                                .map(type -> "cast(? as " + type + "[])")
                                .collect(Collectors.joining(", "))
                        + ")"
                        + conflict;
        this.statement = connection.prepareStatement(sql);
    }

    private static List<String> types(Connection connection, Table table) throws SQLException {
        String query =
                "select "
                        + String.join(", ", table.all())
                        + " from "
                        + table.name()
                        + " where false";
        try (PreparedStatement empty = connection.prepareStatement(query);
                ResultSet rows = empty.executeQuery()) {
            ResultSetMetaData columns = rows.getMetaData();
            List<String> types = new ArrayList<>();
            for (int column = 1; column <= columns.getColumnCount(); column++) {
                types.add(columns.getColumnTypeName(column));
            }
            return types;
        }
    }

    @Override
    public void write(Collection<List<@Nullable Object>> rows) throws SQLException {
        List<List<@Nullable Object>> some = new ArrayList<>(Math.min(ROWS, rows.size()));
        long bytes = 0;
        for (List<@Nullable Object> row : rows) {
            some.add(row);
            bytes += bytesOf(row);
            if (some.size() == ROWS || bytes > BYTES) {
                send(some);
                some.clear();
                bytes = 0;
            }
        }
        if (!some.isEmpty()) {
            send(some);
        }
    }

    private void send(List<List<@Nullable Object>> rows) throws SQLException {
        List<Array> arrays = new ArrayList<>(types.size());
        for (int column = 0; column < types.size(); column++) {
            String type = types.get(column);
            Array array = connection.createArrayOf(type, column(type, rows, column));
            arrays.add(array);
            statement.setArray(column + 1, array);
        }
        RowStatement.check(statement.executeLargeUpdate(), rows.size(), sql);
        for (Array array : arrays) {
            array.free();
        }
    }

    /// As the driver sends arrays without a detour through text, where it can.
    private static @Nullable Object[] column(
            String type, List<List<@Nullable Object>> rows, int column) {
        @Nullable Object[] values =
                switch (type) {
                    case "int4" -> new Integer[rows.size()];
                    case "int8" -> new Long[rows.size()];
                    case "bool" -> new Boolean[rows.size()];
                    case "bytea" -> new byte[rows.size()][];
                    default -> new String[rows.size()];
                };
        for (int row = 0; row < values.length; row++) {
            values[row] = value(type, rows.get(row).get(column));
        }
        return values;
    }

    private static @Nullable Object value(String type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case "int4", "bool", "bytea" -> value;
            case "int8" -> ((Number) value).longValue();
            default -> Dialect.POSTGRESQL.parameter(value.toString());
        };
    }

    private static long bytesOf(List<@Nullable Object> row) {
        long bytes = 0;
        for (Object value : row) {
            bytes +=
                    switch (value) {
                        case byte[] content -> content.length;
                        case String text -> text.length();
                        case null, default -> 8;
                    };
        }
        return bytes;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
