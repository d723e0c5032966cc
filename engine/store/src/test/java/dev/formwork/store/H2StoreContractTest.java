package dev.formwork.store;

import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;

class H2StoreContractTest extends StoreContract {
    @TempDir Path directory;

    @Override
    Store open() {
        return H2Store.open(
                directory,
                SecretSealer.fromFile(directory.resolve("secret.key")),
                Clock.systemUTC());
    }

    @Override
    Store reopen(Store closed) {
        return open();
    }
}
