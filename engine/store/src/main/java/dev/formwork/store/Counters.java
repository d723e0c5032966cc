package dev.formwork.store;

import dev.formwork.model.JobId;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// The lengths of logs, which the writer counts by itself: nobody else writes the logs of its
/// shards. Not thread-safe.
final class Counters {
    private static final int LOGS_KEPT = 20_000;

    private final Map<JobId, Long> lengths = new HashMap<>();

    long logLength(JobId job, Statements statements) throws SQLException {
        Long known = lengths.get(job);
        return known != null
                ? known
                : statements.number(LogRows.SIZE, Columns.row(job.value())).orElse(0);
    }

    void logLength(JobId job, long length) {
        lengths.put(job, length);
    }

    /// Forgets lengths if they are too many; only while all of them are in the database.
    void trim() {
        if (lengths.size() > LOGS_KEPT) {
            lengths.clear();
        }
    }

    void forgetLogs() {
        lengths.clear();
    }
}
