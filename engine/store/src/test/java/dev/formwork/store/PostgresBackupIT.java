package dev.formwork.store;

import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// From each database to the other, and from PostgreSQL to PostgreSQL.
class PostgresBackupIT {
    private static Optional<TestPostgres> postgres = Optional.empty();

    @BeforeAll
    static void startServer() throws IOException {
        postgres = Optional.of(TestPostgres.start());
    }

    @AfterAll
    static void stopServer() {
        postgres.ifPresent(TestPostgres::close);
    }

    abstract static class Databases extends BackupContract {
        private final Map<String, PostgresSettings> databases = new HashMap<>();

        final PostgresSettings database(String name) {
            return databases.computeIfAbsent(name, _ -> postgres.orElseThrow().emptyDatabase());
        }

        final Store inDatabase(Path backup, String name) {
            restore(backup).into(database(name));
            return TestPostgres.open(database(name));
        }
    }

    abstract static class FromPostgres extends Databases {
        @Override
        Store open() {
            return TestPostgres.open(database("store"));
        }

        @Override
        Store reopen(Store closed) {
            return open();
        }
    }

    @Nested
    class FromPostgresToH2 extends FromPostgres {
        @Override
        Store restored(Path backup, String name) {
            return inDirectory(backup, name);
        }
    }

    @Nested
    class FromPostgresToPostgres extends FromPostgres {
        @Override
        Store restored(Path backup, String name) {
            return inDatabase(backup, name);
        }
    }

    @Nested
    class FromH2ToPostgres extends Databases {
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
            return inDatabase(backup, name);
        }
    }
}
