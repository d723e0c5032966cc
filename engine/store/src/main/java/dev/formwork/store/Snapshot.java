package dev.formwork.store;

import dev.formwork.store.backup.BackupHeader;
import dev.formwork.store.backup.BackupWriter;
import dev.formwork.workflow.run.Epoch;

import org.flywaydb.core.api.MigrationVersion;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;

/// All tables of a store as they are at one instant, while others write.
final class Snapshot {
    /// Whose a store is.
    private static final String ENGINE = "engine.id";

    private Snapshot() {}

    /// @param connection of its own, which it leaves as it is
    static void write(
            Connection connection, Dialect dialect, String keyId, Instant at, OutputStream out)
            throws SQLException, IOException {
        dialect.snapshot(connection);
        BackupHeader header =
                new BackupHeader(
                        schema(connection),
                        keyId,
                        setting(connection, ENGINE).orElse(""),
                        Epoch.of(setting(connection, Epoch.SETTING)).number(),
                        at);
        BackupWriter writer = new BackupWriter(out, header);
        for (String table : TableRows.names(connection)) {
            TableRows.write(connection, table, writer);
        }
        writer.end();
        connection.rollback();
    }

    /// The version of the tables, as both databases have it: what comes between two versions is one
    /// database's own, and about tables that are in no backup.
    private static String schema(Connection connection) throws SQLException {
        MigrationVersion newest = MigrationVersion.fromVersion("0");
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select \"version\" from \"flyway_schema_history\" where"
                                        + " \"success\" and \"version\" is not null"
                                        + " and \"version\" not like '%.%'")) {
            while (rows.next()) {
                MigrationVersion version = MigrationVersion.fromVersion(rows.getString(1));
                newest = version.compareTo(newest) > 0 ? version : newest;
            }
        }
        return newest.getVersion();
    }

    private static Optional<String> setting(Connection connection, String name)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select setting from settings where name = ?")) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }
}
