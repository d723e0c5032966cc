package dev.formwork.store;

import dev.formwork.store.backup.BackupWriter;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Tables of the store, row by row, as a backup has them: with the names and types that both
/// databases share.
final class TableRows {
    /// Of one database, or of one process, and not of the store.
    private static final Set<String> NOT_STORED =
            Set.of("flyway_schema_history", "engines", "shards", "event_ids");

    private static final int FETCHED = 500;

    enum Kind {
        TEXT,
        NUMBER,
        TRUTH,
        TIME,
        BYTES
    }

    record Column(String name, Kind kind) {}

    private TableRows() {}

    /// In the order of their names.
    static List<String> names(Connection connection) throws SQLException {
        TreeSet<String> names = new TreeSet<>();
        try (ResultSet tables =
                connection
                        .getMetaData()
                        .getTables(
                                connection.getCatalog(),
                                connection.getSchema(),
                                "%",
                                new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        names.removeAll(NOT_STORED);
        return List.copyOf(names);
    }

    static List<Column> columns(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet none =
                        statement.executeQuery("select * from " + table + " where 1 = 0")) {
            return columns(none.getMetaData());
        }
    }

    private static List<Column> columns(ResultSetMetaData found) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= found.getColumnCount(); i++) {
            columns.add(
                    new Column(
                            found.getColumnName(i).toLowerCase(Locale.ROOT),
                            kind(found.getColumnType(i))));
        }
        return columns;
    }

    private static Kind kind(int type) {
        return switch (type) {
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Kind.NUMBER;
            case Types.BOOLEAN, Types.BIT -> Kind.TRUTH;
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> Kind.TIME;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> Kind.BYTES;
            default -> Kind.TEXT;
        };
    }

    static void write(Connection connection, String table, BackupWriter out)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCHED);
            try (ResultSet rows = statement.executeQuery("select * from " + table)) {
                List<Column> columns = columns(rows.getMetaData());
                out.table(table, columns.stream().map(Column::name).toList());
                while (rows.next()) {
                    List<@Nullable Object> values = new ArrayList<>(columns.size());
                    for (int i = 0; i < columns.size(); i++) {
                        values.add(value(rows, i + 1, columns.get(i).kind()));
                    }
                    out.row(values);
                }
            }
        }
    }

    private static @Nullable Object value(ResultSet rows, int column, Kind kind)
            throws SQLException {
        Object value =
                switch (kind) {
                    case TEXT -> rows.getString(column);
                    case NUMBER -> rows.getLong(column);
                    case TRUTH -> rows.getBoolean(column);
                    case TIME -> rows.getObject(column, OffsetDateTime.class);
                    case BYTES -> rows.getBytes(column);
                };
        return rows.wasNull() ? null : value;
    }

    static PreparedStatement inserting(Connection connection, String table, List<String> columns)
            throws SQLException {
        return connection.prepareStatement(
                "insert into "
                        + table
                        + " ("
                        + String.join(", ", columns)
                        + ") values ("
                        + String.join(", ", columns.stream().map(_ -> "?").toList())
                        + ")");
    }

    /// @throws RuntimeException where the text is none of a time, or of bytes
    static @Nullable Object value(JsonNode json, Kind kind) {
        if (json.isNull()) {
            return null;
        }
        return switch (kind) {
            case TEXT -> json.asString();
            case NUMBER -> json.asLong();
            case TRUTH -> json.asBoolean();
            case TIME -> OffsetDateTime.parse(json.asString());
            case BYTES -> Base64.getDecoder().decode(json.asString());
        };
    }
}
