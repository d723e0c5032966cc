package dev.formwork.store;

import dev.formwork.model.RunId;

import org.jspecify.annotations.Nullable;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Forgets runs without a transaction over all their rows: a run is marked, which hides it, and its
/// rows are deleted a few at a time while the writer has nothing better to do. Not thread-safe.
final class DroppedRuns {
    /// How many rows one step deletes.
    private static final int STEP = 1_000;

    private static final Table DROPPED = new Table("dropped_runs", List.of("run_id"), List.of());
    private static final Table RUNS = new Table("runs", List.of("run_id"), List.of());
    private static final Table NODES = new Table("nodes", List.of("run_id", "node_key"), List.of());
    private static final Table JOBS = new Table("jobs", List.of("job_id"), List.of());

    private final Set<RunId> runs = new HashSet<>();

    /// Of those that were, the ones of which the transaction under way deletes the last rows.
    private final Set<RunId> purged = new HashSet<>();

    private boolean purging;

    /// Deletes from now on what is left to delete: of the engines that share a database one does.
    void read(Statements statements) throws SQLException {
        purging = true;
        runs.clear();
        try (ResultSet rows =
                statements.statement("select run_id from dropped_runs").executeQuery()) {
            while (rows.next()) {
                runs.add(new RunId(rows.getString(1)));
            }
        }
    }

    /// Leaves what is left to do to another engine.
    void leave() {
        purging = false;
        runs.clear();
    }

    /// What was deleted in a transaction is gone with its end, and only then.
    void settle(boolean committed) {
        if (!committed) {
            runs.addAll(purged);
        }
        purged.clear();
    }

    /// Whether there is nothing to delete here.
    boolean isDone() {
        return !purging || runs.isEmpty();
    }

    boolean holds(RunId run) {
        return runs.contains(run);
    }

    void drop(RunId run, Statements statements) throws SQLException {
        List<List<@Nullable Object>> key = List.of(Columns.row(run.value()));
        statements.drop(RUNS.delete(), key);
        statements.put(DROPPED, key);
        runs.add(run);
    }

    /// Deletes a few rows of some dropped run.
    void purgeStep(Statements statements) throws SQLException {
        if (!runs.isEmpty()) {
            purgeStep(runs.iterator().next(), statements);
        }
    }

    void purgeWholly(RunId run, Statements statements) throws SQLException {
        while (runs.contains(run)) {
            purgeStep(run, statements);
        }
    }

    private void purgeStep(RunId run, Statements statements) throws SQLException {
        if (purgeTape(run, statements)) {
            return;
        }
        List<List<@Nullable Object>> chunks =
                keys(
                        statements,
                        """
                        select c.job_id, c.start_at from log_chunks c
                        join jobs j on j.job_id = c.job_id where j.run_id = ?
                        fetch first ? rows only\
                        """,
                        run,
                        STEP / 4);
        if (!chunks.isEmpty()) {
            statements.drop(LogRows.CHUNKS.delete(), chunks);
            return;
        }
        List<List<@Nullable Object>> jobs =
                keys(
                        statements,
                        "select job_id from jobs where run_id = ? fetch first ? rows only",
                        run,
                        STEP);
        if (!jobs.isEmpty()) {
            statements.drop(LogRows.LOGS.delete(), jobs);
            statements.drop(JOBS.delete(), jobs);
            return;
        }
        List<List<@Nullable Object>> nodes =
                keys(
                        statements,
                        "select run_id, node_key from nodes where run_id = ?"
                                + " fetch first ? rows only",
                        run,
                        STEP);
        if (!nodes.isEmpty()) {
            statements.drop(NODES.delete(), nodes);
            return;
        }
        statements.drop(DROPPED.delete(), List.of(Columns.row(run.value())));
        runs.remove(run);
        purged.add(run);
    }

    /// A few rows of what the run was told and has replaced, if there are some.
    private static boolean purgeTape(RunId run, Statements statements) throws SQLException {
        String log = TapeRows.log(run).value();
        List<List<@Nullable Object>> chunks =
                keys(
                        statements,
                        "select job_id, start_at from log_chunks where job_id = ?"
                                + " fetch first ? rows only",
                        log,
                        STEP / 4);
        statements.drop(LogRows.CHUNKS.delete(), chunks);
        List<List<@Nullable Object>> replaced =
                keys(
                        statements,
                        "select run_id, node_key, replaced_at from replaced_results"
                                + " where run_id = ? fetch first ? rows only",
                        run.value(),
                        STEP);
        statements.drop(TapeRows.REPLACED.delete(), replaced);
        if (chunks.isEmpty() && replaced.isEmpty()) {
            statements.drop(LogRows.LOGS.delete(), List.of(Columns.row(log)));
            return false;
        }
        return true;
    }

    private static List<List<@Nullable Object>> keys(
            Statements statements, String sql, RunId run, int limit) throws SQLException {
        return keys(statements, sql, run.value(), limit);
    }

    private static List<List<@Nullable Object>> keys(
            Statements statements, String sql, String of, int limit) throws SQLException {
        PreparedStatement statement = statements.statement(sql);
        statements.bind(statement, Columns.row(of, limit));
        List<List<@Nullable Object>> keys = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<@Nullable Object> key = new ArrayList<>(columns);
                for (int column = 1; column <= columns; column++) {
                    key.add(rows.getObject(column));
                }
                keys.add(key);
            }
        }
        return keys;
    }
}
