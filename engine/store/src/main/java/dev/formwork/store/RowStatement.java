package dev.formwork.store;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/// Writes rows of one table, many at a time: the statement of a [Dialect], prepared once. Not
/// thread-safe.
interface RowStatement extends AutoCloseable {
    /// Each row, the key's columns first, is one row of the table afterwards. No two have one key.
    ///
    /// @throws SQLException also where the database has written another number of rows
    void write(Collection<List<@Nullable Object>> rows) throws SQLException;

    @Override
    void close() throws SQLException;

    static void check(long written, long wanted, String sql) throws SQLException {
        if (written != wanted) {
            throw new SQLException(
                    wanted + " rows should have been written, not " + written + ": " + sql);
        }
    }
}
