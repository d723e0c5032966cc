package dev.formwork.store;

import dev.formwork.workflow.store.Store;

import java.nio.file.Path;
import java.time.Clock;

/// From H2 to H2.
class BackupTest extends BackupContract {
    @Override
    Store open() {
        return H2Store.open(root.resolve("store"), SEALER, Clock.systemUTC());
    }

    @Override
    Store reopen(Store closed) {
        return open();
    }

    @Override
    Store restored(Path backup, String name) {
        return inDirectory(backup, name);
    }
}
