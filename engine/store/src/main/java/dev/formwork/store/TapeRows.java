package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.RunId;
import dev.formwork.store.json.Records;
import dev.formwork.store.json.TapeJson;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.tape.TapeEntry;

import org.jdbi.v3.core.Handle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What runs were told: a log of lines beside those of their jobs, so that a group of commits adds
/// one chunk to it; and what they have replaced.
final class TapeRows {
    static final Table REPLACED =
            new Table(
                    "replaced_results",
                    List.of("run_id", "node_key", "replaced_at"),
                    List.of("doc"));

    /// What is read at a time.
    static final int PIECE = 1 << 20;

    private static final String NOT_DROPPED =
            " and not exists (select 1 from dropped_runs where run_id = :run)";

    private TapeRows() {}

    /// The name of the log: no job is called so, since jobs of an engine begin with another letter.
    static JobId log(RunId run) {
        return new JobId("tape-" + run);
    }

    static Write append(RunId run, List<TapeEntry> entries, TapeJson json) {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(json.write(run, entry)).append('\n'));
        return new Write.AppendTape(
                run, ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    static Write keep(RunId run, StepResult before, Instant at, Records records) {
        return new Write.Put(
                REPLACED,
                Columns.row(
                        run.value(),
                        before.key().toString(),
                        Columns.time(at),
                        records.write(before)),
                run);
    }

    /// A piece of the lines; empty at their end.
    static byte[] read(Handle handle, RunId run, long offset) {
        boolean dropped =
                handle.createQuery("select run_id from dropped_runs where run_id = :run")
                        .bind("run", run.value())
                        .mapTo(String.class)
                        .findOne()
                        .isPresent();
        return dropped ? new byte[0] : LogRows.read(handle, log(run), offset, PIECE);
    }

    static List<StepResult> replaced(Handle handle, Records records, RunId run) {
        Map<String, String> first = new LinkedHashMap<>();
        handle.createQuery(
                        "select node_key, doc from replaced_results where run_id = :run"
                                + NOT_DROPPED
                                + " order by replaced_at")
                .bind("run", run.value())
                .map((row, _) -> first.putIfAbsent(row.getString(1), row.getString(2)) == null)
                .forEach(_ -> {});
        return first.values().stream().map(records::result).toList();
    }

    /// Puts pieces of a tape together to lines.
    static final class Lines {
        private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

        /// The lines that end in this piece.
        List<String> of(byte[] piece) {
            int end = piece.length;
            while (end > 0 && piece[end - 1] != '\n') {
                end--;
            }
            if (end == 0) {
                rest.writeBytes(piece);
                return List.of();
            }
            rest.write(piece, 0, end);
            List<String> lines = rest.toString(StandardCharsets.UTF_8).lines().toList();
            rest.reset();
            rest.write(piece, end, piece.length - end);
            return lines;
        }
    }
}
