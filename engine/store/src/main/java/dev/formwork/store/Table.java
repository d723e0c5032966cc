package dev.formwork.store;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A table as it is written: by its key, one row at a time, in batches.
///
/// @param keys columns that name a row; first in each row
/// @param columns the other columns, in the order of each row
record Table(String name, List<String> keys, List<String> columns) {
    Table {
        keys = List.copyOf(keys);
        columns = List.copyOf(columns);
    }

    /// In the order of each row.
    List<String> all() {
        return Stream.concat(keys.stream(), columns.stream()).toList();
    }

    String delete() {
        return "delete from "
                + name
                + " where "
                + keys.stream().map(key -> key + " = ?").collect(Collectors.joining(" and "));
    }

    String exists() {
        return "select 1 from "
                + name
                + " where "
                + keys.stream().map(key -> key + " = ?").collect(Collectors.joining(" and "));
    }
}
