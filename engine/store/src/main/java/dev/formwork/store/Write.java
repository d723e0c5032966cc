package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.store.RecordSwap;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// A change as the writer wants it: encoded and sealed, so that this work is done by whoever
/// commits and not by the one thread that writes.
sealed interface Write {
    /// @param row the key's columns, then the others
    /// @param run the run it belongs to, if it goes with one
    record Put(Table table, List<@Nullable Object> row, @Nullable RunId run) implements Write {
        List<@Nullable Object> key() {
            return row.subList(0, table.keys().size());
        }

        static Put of(Table table, List<@Nullable Object> row) {
            return new Put(table, row, null);
        }
    }

    record Drop(Table table, List<@Nullable Object> key) implements Write {}

    /// Stored under a digest, so stored once.
    ///
    /// @param name the row that tells it is there
    /// @param renews the row is written anew all the same
    record PutOnce(Put name, List<Put> parts, boolean renews) implements Write {}

    /// A row that stays as it is where it is there, also when another engine writes it meanwhile.
    record PutFirst(Put row) implements Write {}

    record TouchFiles(Set<String> digests, Object at) implements Write {}

    record DropFiles(String digest, Object before) implements Write {}

    record AppendLog(JobId job, long offset, ByteBuffer bytes) implements Write {}

    /// Lines at the end of what a run was told.
    record AppendTape(RunId run, ByteBuffer lines) implements Write {}

    /// @param row without its id, which the writer gives
    record AppendEvent(List<@Nullable Object> row) implements Write {}

    record DropRun(RunId run) implements Write {}

    record DropEvents(long upTo) implements Write {}

    record DropPlan(String digest) implements Write {}

    /// Changes who has which seat, in its turn among the other writes. May be done again, where the
    /// database asks to repeat a transaction.
    record Seating(Work work) implements Write {
        @FunctionalInterface
        interface Work {
            void in(Statements statements, DroppedRuns dropped) throws SQLException;
        }
    }

    /// Changes records of a provider where each is as expected, in its turn among the other writes.
    ///
    /// @param done says afterwards whether it did
    record SwapRecords(String provider, List<RecordSwap> swaps, AtomicBoolean done)
            implements Write {}

    /// How much it adds to a transaction, in rows or in blocks of log.
    default int weight() {
        return switch (this) {
            case Put _, PutFirst _, Drop _, AppendEvent _ -> 1;
            case PutOnce(Put _, List<Put> parts, boolean _) -> 1 + parts.size();
            case TouchFiles(Set<String> digests, Object _) -> digests.size();
            case SwapRecords(String _, List<RecordSwap> swaps, AtomicBoolean _) -> swaps.size();
            case DropFiles _ -> 100;
            case AppendLog(JobId _, long _, ByteBuffer bytes) -> 1 + bytes.remaining() / 4096;
            case AppendTape(RunId _, ByteBuffer lines) -> 1 + lines.remaining() / 4096;
            case DropRun _ -> 2;
            case DropEvents _ -> 1_000;
            case DropPlan _, Seating _ -> 16;
        };
    }
}
