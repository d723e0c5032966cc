package dev.formwork.store;

import dev.formwork.workflow.store.RecordSwap;

import org.jdbi.v3.core.Handle;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Records of providers.
final class RecordRows {
    private static final Table RECORDS =
            new Table("provider_records", List.of("provider", "name"), List.of("record"));
    private static final String READ =
            "select record from provider_records where provider = ? and name = ?";

    /// The name of the row that whoever changes a provider's records holds. No record has it.
    private static final String TURN = "";

    private RecordRows() {}

    /// Makes all of the changes, or none where one does not find what it expects. Until the
    /// transaction ends no other engine changes a record of this provider: else one could come
    /// between the look and the change.
    static boolean swap(Statements statements, String provider, List<RecordSwap> swaps)
            throws SQLException {
        statements.hold(RECORDS, Columns.row(provider, TURN, ""));
        for (RecordSwap swap : swaps) {
            Optional<String> found = statements.text(READ, Columns.row(provider, swap.name()));
            if (!found.equals(swap.expected())) {
                return false;
            }
        }
        for (RecordSwap swap : swaps) {
            if (swap.next().isPresent()) {
                statements.put(
                        RECORDS, List.of(Columns.row(provider, swap.name(), swap.next().get())));
            } else {
                statements.drop(RECORDS.delete(), List.of(Columns.row(provider, swap.name())));
            }
        }
        return true;
    }

    static Optional<String> record(Handle handle, String provider, String name) {
        return handle.createQuery(
                        "select record from provider_records where provider = :provider and name ="
                                + " :name")
                .bind("provider", provider)
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    static Map<String, String> records(Handle handle, String provider) {
        Map<String, String> records = new TreeMap<>();
        handle.createQuery(
                        "select name, record from provider_records where provider = :provider and"
                                + " name <> :turn")
                .bind("turn", TURN)
                .bind("provider", provider)
                .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                .forEach(each -> records.put(each.getKey(), each.getValue()));
        return records;
    }
}
