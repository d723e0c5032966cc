package dev.formwork.store;

import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import java.io.IOException;
import java.util.Optional;

/// The contracts on a real server.
class PostgresStoreIT extends StoreContract {
    private static Optional<TestPostgres> postgres = Optional.empty();

    private final PostgresSettings settings = postgres.orElseThrow().emptyDatabase();

    @BeforeAll
    static void startServer() throws IOException {
        postgres = Optional.of(TestPostgres.start());
    }

    @AfterAll
    static void stopServer() {
        postgres.ifPresent(TestPostgres::close);
    }

    @Override
    Store open() {
        return TestPostgres.open(settings);
    }

    @Override
    Store reopen(Store closed) {
        return TestPostgres.open(settings);
    }

    @Nested
    class Purge extends PurgeContract {
        @Override
        Backend open() {
            return PostgresBackend.open(
                    new PostgresDatabase(postgres.orElseThrow().emptyDatabase()), Optional.empty());
        }
    }
}
