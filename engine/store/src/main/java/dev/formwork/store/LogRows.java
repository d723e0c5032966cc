package dev.formwork.store;

import dev.formwork.model.JobId;

import org.jdbi.v3.core.Handle;

import java.io.ByteArrayOutputStream;
import java.util.List;

/// Logs of jobs, in chunks that are read by range.
final class LogRows {
    /// What one chunk holds at most, so that a chunk that reaches an offset starts no further than
    /// this before it.
    static final int CHUNK = 64 * 1024;

    static final Table LOGS = new Table("logs", List.of("job_id"), List.of("size"));
    static final Table CHUNKS =
            new Table("log_chunks", List.of("job_id", "start_at"), List.of("content"));

    static final String SIZE = "select size from logs where job_id = ?";

    private static final String NOT_DROPPED =
            """
             and not exists (select 1 from jobs j join dropped_runs d on d.run_id = j.run_id
            where j.job_id = :job)\
            """;

    private LogRows() {}

    static long length(Handle handle, JobId job) {
        return handle.createQuery("select size from logs where job_id = :job" + NOT_DROPPED)
                .bind("job", job.value())
                .mapTo(long.class)
                .findOne()
                .orElse(0L);
    }

    static byte[] read(Handle handle, JobId job, long offset, int limit) {
        long from = Math.max(0, offset);
        int wanted = Math.max(0, limit);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        handle.createQuery(
                        "select start_at, content from log_chunks where job_id = :job"
                                + " and start_at > :before and start_at < :to"
                                + NOT_DROPPED
                                + " order by start_at")
                .bind("job", job.value())
                .bind("before", from - CHUNK)
                .bind("to", wanted > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + wanted)
                .map((row, _) -> {
                    long start = row.getLong(1);
                    byte[] content = row.getBytes(2);
                    int skip = Math.clamp(from - start, 0, content.length);
                    int length = Math.min(content.length - skip, wanted - bytes.size());
                    bytes.write(content, skip, length);
                    return true;
                })
                .forEach(_ -> {});
        return bytes.toByteArray();
    }
}
