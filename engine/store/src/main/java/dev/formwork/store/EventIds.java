package dev.formwork.store;

import java.sql.SQLException;

/// Where the ids of events come from: rising in the order in which transactions end.
@FunctionalInterface
interface EventIds {
    /// @return the first of `count` ids in a row
    long next(int count) throws SQLException;
}
