package dev.formwork.store;

import dev.formwork.model.ProblemException;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/// The default store: H2, embedded, in one directory, used by one process at a time.
///
/// A commit is acknowledged when it would survive a power loss (docs/durability.md). Times are kept
/// to the microsecond.
public final class H2Store {
    private H2Store() {}

    /// Opens the store in `directory`; makes both at the first start, and brings an older store to
    /// this engine's format.
    ///
    /// @throws ProblemException `store.locked` when another process has it, `store.bad-key` when
    ///   its secrets were sealed under another key, `store.unreadable`, `store.full`,
    ///   `store.broken`
    public static Store open(Path directory, SecretSealer sealer, Clock clock) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw DirectoryLock.unreadable(directory, e);
        }
        String file = directory.toAbsolutePath().resolve("formwork").toString();
        if (file.contains(";")) {
            throw ProblemException.of(
                    "store.unreadable",
                    "H2 cannot keep a store in " + directory,
                    "use a directory without a semicolon in its path");
        }
        return open(directory, H2Database.at(file), sealer, clock);
    }

    /// @param database where the rows are; the lock is in `directory`
    static Store open(Path directory, H2Database database, SecretSealer sealer, Clock clock) {
        return SqlStore.open(H2Backend.open(directory, database, clock), sealer, Optional.empty());
    }
}
