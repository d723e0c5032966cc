package dev.formwork.store;

import dev.formwork.store.json.PlanJson;
import dev.formwork.store.json.Records;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Looks through all that is stored for the files that it needs, as it is at one instant, a row at
/// a time: on a connection of its own, so that nobody waits.
final class UsedFiles {
    private UsedFiles() {}

    static Set<String> of(Connection connection, Dialect dialect, Records records, PlanJson plans)
            throws SQLException {
        dialect.snapshot(connection);
        Set<String> used = new HashSet<>();
        for (String table : List.of("results", "replaced_results")) {
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(500);
                try (ResultSet rows = statement.executeQuery("select doc from " + table)) {
                    while (rows.next()) {
                        used.add(records.moduleOf(rows.getString(1)));
                    }
                }
            }
        }
        for (String digest : digests(connection)) {
            used.addAll(plan(connection, plans, digest));
        }
        connection.rollback();
        return used;
    }

    private static List<String> digests(Connection connection) throws SQLException {
        List<String> digests = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select digest from plans")) {
            while (rows.next()) {
                digests.add(rows.getString(1));
            }
        }
        return digests;
    }

    private static Set<String> plan(Connection connection, PlanJson plans, String digest)
            throws SQLException {
        List<InputStream> parts = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select content from plan_parts where digest = ? order by part")) {
            select.setString(1, digest);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    parts.add(new ByteArrayInputStream(rows.getBytes(1)));
                }
            }
        }
        return plans.read(digest, new SequenceInputStream(Collections.enumeration(parts)))
                .source()
                .files();
    }
}
