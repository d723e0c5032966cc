package dev.formwork.store;

import org.jdbi.v3.core.Handle;

import java.util.List;

/// Leases of the DHCP server, each a text that only the boot server reads.
final class LeaseRows {
    private static final Table LEASES = new Table("leases", List.of("address"), List.of("lease"));

    private LeaseRows() {}

    static Write put(String address, String lease) {
        return Write.Put.of(LEASES, Columns.row(address, lease));
    }

    static List<String> all(Handle handle) {
        return handle.createQuery("select lease from leases").mapTo(String.class).list();
    }
}
