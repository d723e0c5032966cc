package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.workflow.store.RecordSwap;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// The writes of many commits on their way into one transaction. Of several writes to a row only
/// the last is carried out; appends to one log become one; events come last. Not thread-safe.
final class Batch {
    private final Statements statements;
    private final Counters counters;
    private final DroppedRuns dropped;

    private final Map<Table, Map<List<@Nullable Object>, Last>> rows = new LinkedHashMap<>();
    private final Map<JobId, Appended> logs = new LinkedHashMap<>();
    private final List<List<@Nullable Object>> events = new ArrayList<>();

    Batch(Statements statements, Counters counters, DroppedRuns dropped) {
        this.statements = statements;
        this.counters = counters;
        this.dropped = dropped;
    }

    /// What is to become of a row: its new contents, or null where it is to go.
    private record Last(@Nullable List<@Nullable Object> row) {}

    private static final class Appended {
        private final long offset;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private Appended(long offset) {
            this.offset = offset;
        }
    }

    void add(Write write) throws SQLException {
        switch (write) {
            case Write.Put put -> put(put);
            case Write.Drop(Table table, List<@Nullable Object> key) ->
                    rowsOf(table).put(key, new Last(null));
            case Write.PutOnce(Write.Put name, List<Write.Put> parts, boolean renews) -> {
                boolean there = isThere(name);
                if (!there || renews) {
                    put(name);
                }
                if (!there) {
                    for (Write.Put part : parts) {
                        put(part);
                    }
                }
            }
            case Write.PutFirst(Write.Put row) -> {
                if (!isThere(row)) {
                    flush();
                    statements.insertUnlessThere(row.table(), row.row());
                }
            }
            case Write.TouchFiles(Set<String> digests, Object at) -> {
                flush();
                for (String digest : digests) {
                    statements.execute(FileRows.TOUCH, Columns.row(at, digest));
                }
            }
            case Write.DropFiles(String digest, Object before) -> {
                flush();
                for (String sql : FileRows.DROP) {
                    statements.execute(sql, Columns.row(digest, before));
                }
            }
            case Write.AppendLog(JobId job, long offset, ByteBuffer bytes) ->
                    append(job, offset, bytes.duplicate());
            case Write.AppendTape(RunId run, ByteBuffer lines) -> tape(run, lines.duplicate());
            case Write.AppendEvent(List<@Nullable Object> row) -> events.add(row);
            case Write.DropRun(RunId run) -> {
                flush();
                dropped.drop(run, statements);
                counters.forgetLogs();
            }
            case Write.DropEvents(long upTo) -> {
                flush();
                statements.execute(EventRows.DROP, Columns.row(upTo));
            }
            case Write.DropPlan(String digest) -> {
                flush();
                for (String table : PlanRows.DROP) {
                    statements.execute(table, Columns.row(digest));
                }
            }
            case Write.SwapRecords(String provider, List<RecordSwap> swaps, AtomicBoolean done) -> {
                flush();
                done.set(RecordRows.swap(statements, provider, swaps));
            }
            case Write.Seating(Write.Seating.Work work) -> {
                flush();
                work.in(statements, dropped);
                // Logs of shards that come may have grown elsewhere.
                counters.forgetLogs();
            }
        }
    }

    /// Sends what was added to the database, inside the transaction.
    ///
    /// @param ids gives the events their ids: the last thing before the transaction ends, as others
    ///   who have events wait for that
    void finish(EventIds ids) throws SQLException {
        flush();
        if (events.isEmpty()) {
            return;
        }
        long id = ids.next(events.size());
        List<List<@Nullable Object>> numbered = new ArrayList<>(events.size());
        for (List<@Nullable Object> event : events) {
            List<@Nullable Object> row = new ArrayList<>(event.size() + 1);
            row.add(id++);
            row.addAll(event);
            numbered.add(row);
        }
        statements.insert(EventRows.EVENTS, numbered);
        events.clear();
    }

    /// Sends all but the events.
    private void flush() throws SQLException {
        for (Map.Entry<Table, Map<List<@Nullable Object>, Last>> entry : rows.entrySet()) {
            List<List<@Nullable Object>> gone = new ArrayList<>();
            List<List<@Nullable Object>> stay = new ArrayList<>();
            entry.getValue()
                    .forEach((key, last) -> {
                        List<@Nullable Object> row = last.row();
                        if (row == null) {
                            gone.add(key);
                        } else {
                            stay.add(row);
                        }
                    });
            statements.drop(entry.getKey().delete(), gone);
            statements.put(entry.getKey(), stay);
        }
        rows.clear();
        flushLogs();
    }

    private void put(Write.Put put) throws SQLException {
        RunId run = put.run();
        if (run != null) {
            purgeIfDropped(run);
        }
        rowsOf(put.table()).put(put.key(), new Last(put.row()));
    }

    /// Its old rows would come back with it.
    private void purgeIfDropped(RunId run) throws SQLException {
        if (dropped.holds(run)) {
            flush();
            dropped.purgeWholly(run, statements);
            counters.forgetLogs();
        }
    }

    private boolean isThere(Write.Put name) throws SQLException {
        Last last = rowsOf(name.table()).get(name.key());
        return last != null || statements.number(name.table().exists(), name.key()).isPresent();
    }

    private Map<List<@Nullable Object>, Last> rowsOf(Table table) {
        return rows.computeIfAbsent(table, _ -> new LinkedHashMap<>());
    }

    private void tape(RunId run, ByteBuffer lines) throws SQLException {
        purgeIfDropped(run);
        JobId log = TapeRows.log(run);
        append(log, counters.logLength(log, statements), lines);
    }

    private void append(JobId job, long offset, ByteBuffer bytes) throws SQLException {
        long length = counters.logLength(job, statements);
        if (offset != length) {
            throw ProblemException.of(
                    "store.log-gap",
                    "the log of job "
                            + job
                            + " has "
                            + length
                            + " bytes, and more came for offset "
                            + offset,
                    "this is a defect of the engine: please report it");
        }
        counters.logLength(job, length + bytes.remaining());
        byte[] more = new byte[bytes.remaining()];
        bytes.get(more);
        logs.computeIfAbsent(job, _ -> new Appended(offset)).bytes.writeBytes(more);
    }

    private void flushLogs() throws SQLException {
        List<List<@Nullable Object>> chunks = new ArrayList<>();
        List<List<@Nullable Object>> lengths = new ArrayList<>();
        logs.forEach((job, appended) -> {
            byte[] bytes = appended.bytes.toByteArray();
            for (int at = 0; at < bytes.length; at += LogRows.CHUNK) {
                int end = Math.min(bytes.length, at + LogRows.CHUNK);
                chunks.add(
                        Columns.row(
                                job.value(),
                                appended.offset + at,
                                Arrays.copyOfRange(bytes, at, end)));
            }
            lengths.add(Columns.row(job.value(), appended.offset + bytes.length));
        });
        statements.put(LogRows.CHUNKS, chunks);
        statements.put(LogRows.LOGS, lengths);
        logs.clear();
        counters.trim();
    }
}
