package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// From each database to the other, and from PostgreSQL to PostgreSQL.
@Timeout(120)
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

    private static PostgresServer server() {
        return postgres.orElseThrow().server();
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

        /// Its first row is taken by somebody else until the engine waits.
        @Test
        void anEngineThatStartsMeanwhileWaitsForTheRestore() throws Exception {
            commit(new Change.PutMachine(Samples.machine("M1")), new Change.PutSetting("s", "t"));
            Path file = backup(store, "one");
            PostgresSettings target = database("target");
            TestPostgres.open(target).close();
            server().sql(target.database(), "delete from settings");
            try (Connection other = new PostgresDatabase(target).connect();
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                other.setAutoCommit(false);
                other.createStatement().execute("insert into machines values ('M1', '')");
                Future<?> restoring = threads.submit(() -> restore(file).into(target));
                awaitWaiting(target, 1);
                Future<Store> starting = threads.submit(() -> TestPostgres.open(target));
                awaitWaiting(target, 2);
                other.rollback();

                restoring.get();
                try (Store engine = starting.get()) {
                    assertThat(engine.machines()).containsExactly(Samples.machine("M1"));
                    assertThat(engine.setting("s")).contains("t");
                }
            }
        }

        private void awaitWaiting(PostgresSettings in, int count) {
            String waiting =
                    "select count(*) from pg_stat_activity where datname = current_database()"
                            + " and wait_event_type = 'Lock'";
            while (!server().sql(in.database(), waiting).equals("" + count)) {
                Thread.onSpinWait();
            }
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
