package dev.formwork.store;

import dev.formwork.model.ProblemException;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.util.Optional;

/// The store in a PostgreSQL database, which engines share.
///
/// A commit is acknowledged when the database has it on its disk, and only while this engine has
/// its lease: an engine that was paused or cut off for longer than that, and from which others have
/// taken over, stores nothing any more (docs/scaling.md). Times are kept to the microsecond.
public final class PostgresStore {
    private PostgresStore() {}

    /// Brings the database to this engine's format, enters this engine and opens the store.
    ///
    /// @param previous the name ([dev.formwork.workflow.store.Seats.View#self]) of an engine that
    ///   has certainly ended, such as the one before in the same data directory: nobody waits for
    ///   its lease to run out
    /// @throws ProblemException `store.format` while engines of another version are at work,
    ///   `store.bad-key` when its secrets were sealed under another key, `store.unreachable`,
    ///   `store.denied`, `store.full`, `store.broken`
    public static Store open(
            PostgresSettings settings, SecretSealer sealer, Optional<String> previous) {
        PostgresBackend backend = PostgresBackend.open(new PostgresDatabase(settings), previous);
        return SqlStore.open(backend, sealer, Optional.of(backend.engine()));
    }
}
