package dev.formwork.store;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/// Rows as a batch of statements: for a database in the process, where a statement is a call.
final class RowBatch implements RowStatement {
    private final String sql;
    private final PreparedStatement statement;

    RowBatch(Connection connection, String sql) throws SQLException {
        this.sql = sql;
        this.statement = connection.prepareStatement(sql);
    }

    @Override
    public void write(Collection<List<@Nullable Object>> rows) throws SQLException {
        for (List<@Nullable Object> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                statement.setObject(i + 1, row.get(i));
            }
            statement.addBatch();
        }
        for (int count : statement.executeBatch()) {
            RowStatement.check(count, 1, sql);
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
