package dev.formwork.store;

import dev.formwork.model.ProblemException;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.time.Instant;

/// The store in a PostgreSQL database, which one engine has at a time and others stand by for.
///
/// A commit is acknowledged when the database has it on its disk, and only while this engine holds
/// its seat: an engine that was paused, cut off or replaced stores nothing any more
/// (docs/scaling.md). Times are kept to the microsecond.
public final class PostgresStore {
    private PostgresStore() {}

    /// Hears whom this engine waits for.
    @FunctionalInterface
    public interface Standby {
        /// @param holder the engine that has the seat
        /// @param since when it took it, by the database's clock
        void waitsFor(String holder, Instant since);
    }

    /// Takes the seat, brings the database to this engine's format and opens the store. Waits while
    /// another engine has the seat: until that lets go of it, or is silent for as long as its
    /// lease.
    ///
    /// @throws ProblemException `store.locked` when another engine still has it after
    ///   [PostgresSettings#patience], `store.bad-key` when its secrets were sealed under another
    ///   key, `store.unreachable`, `store.denied`, `store.full`, `store.broken`
    public static Store open(PostgresSettings settings, SecretSealer sealer, Standby standby) {
        return SqlStore.open(PostgresBackend.open(new PostgresDatabase(settings), standby), sealer);
    }
}
