package dev.formwork.store;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.testkit.Needs;
import dev.formwork.workflow.store.Store;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A real PostgreSQL server, and stores in it. What they have said to it is looked at in the end
/// ([SpokenSql]).
final class TestPostgres implements AutoCloseable {
    /// As long as no test waits for, where it is not about that.
    static final Duration LONG = Duration.ofMinutes(10);

    private final PostgresServer server;
    private final SpokenSql spoken;
    private final AtomicInteger databases = new AtomicInteger();

    private TestPostgres(PostgresServer server, SpokenSql spoken) {
        this.server = server;
        this.spoken = spoken;
    }

    /// Needs a PostgreSQL, as [Needs] does it.
    static TestPostgres start() throws IOException {
        Needs.nothing(PostgresServer.missing());
        SpokenSql spoken = new SpokenSql();
        return new TestPostgres(PostgresServer.recording(spoken), spoken);
    }

    PostgresServer server() {
        return server;
    }

    /// A new database, in which no engine is taken for dead.
    PostgresSettings emptyDatabase() {
        String name = "store_" + databases.incrementAndGet();
        server.createDatabase(name);
        return PostgresSettings.parse(
                        "postgresql://%s@127.0.0.1:%d/%s"
                                .formatted(PostgresServer.USER, server.port(), name))
                .withPassword(PostgresServer.PASSWORD)
                .withLease(LONG);
    }

    static Store open(PostgresSettings settings) {
        return PostgresStore.open(settings, PowerLoss.SEALER, Optional.empty());
    }

    @Override
    public void close() {
        server.close();
        spoken.assertPlain();
    }
}
