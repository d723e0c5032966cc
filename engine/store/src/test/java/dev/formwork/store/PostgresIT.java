package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Problem;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.postgres.TcpProxy;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// What is PostgreSQL's own, beside the contract and the engines that share it: how it is made and
/// entered, and what is said where it is gone.
@Timeout(120)
class PostgresIT extends PostgresFixture {
    private static final int ROUNDS = 4;

    @Test
    void ofSeveralEnginesOnAnEmptyDatabaseOneMakesIt() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Store> opening = () -> TestPostgres.open(settings);
            for (Future<Store> each :
                    threads.invokeAll(List.of(opening, opening, opening, opening))) {
                each.get().commit(List.of(put("t"))).join();
                each.get().close();
            }
        }
    }

    @Test
    void refusesAnotherKey() {
        TestPostgres.open(settings).close();
        SecretSealer other =
                new SecretSealer(
                        "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        assertProblem(() -> PostgresStore.open(settings, other, Optional.empty()), "store.bad-key");
        TestPostgres.open(settings).close();
    }

    @Test
    void writesNoSecretInTheClear() {
        try (Store store = TestPostgres.open(settings)) {
            store.commit(
                            List.of(
                                    new Change.PutMachine(Samples.machine("M1")),
                                    new Change.PutCluster(Samples.cluster("demo")),
                                    new Change.PutResult(Samples.result("demo", Samples.KEY))))
                    .join();
        }
        assertThat(
                        sql(
                                "select doc from machines union all select doc from clusters union"
                                        + " all select doc from results"))
                .doesNotContain(Samples.SECRET)
                .contains("demo-members-0");
    }

    @Test
    void saysThatItIsNotLetIn() {
        assertProblem(() -> TestPostgres.open(settings.withPassword("hunter2")), "store.denied")
                .hasMessageContaining(settings.toString())
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void saysThatNobodyIsThere() {
        PostgresSettings nowhere =
                PostgresSettings.parse("postgresql://" + PostgresServer.USER + "@127.0.0.1:1/x");
        assertProblem(() -> TestPostgres.open(nowhere), "store.unreachable");
    }

    @Test
    void doesNotTakeTheWordOfADatabaseThatForgets() throws SQLException {
        sql("alter database " + settings.database() + " set synchronous_commit = off");
        try (Connection connection = new PostgresDatabase(settings).connect();
                ResultSet row =
                        connection.createStatement().executeQuery("show synchronous_commit")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("on");
        }
    }

    @Test
    void isBrokenWhereAConnectionThatReadsIsLost() {
        try (Store store = TestPostgres.open(settings)) {
            sql(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname ="
                            + " current_database() and application_name = 'formwork'"
                            + " and query <> 'COMMIT'");

            assertProblem(() -> store.machines(), "store.broken");

            assertThat(store.problem()).get().extracting(Problem::code).isEqualTo("store.broken");
        }
    }

    /// At whatever point of a transaction it breaks.
    @Test
    void aConnectionThatBreaksWhileItWritesLosesNothingThatWasAcknowledged() throws IOException {
        Random random = new Random(1);
        int known = 0;
        for (int round = 0; round < ROUNDS; round++) {
            AtomicInteger acknowledged = new AtomicInteger(known);
            int last = known + 1 + random.nextInt(100);
            try (TcpProxy way = TcpProxy.to(settings.port());
                    Store store = TestPostgres.open(by(way))) {
                for (int i = known + 1; store.problem().isEmpty(); i++) {
                    int number = i;
                    CompletableFuture<Void> stored =
                            store.commit(PowerLoss.transition(number))
                                    .thenRun(() -> {
                                        acknowledged.set(number);
                                        if (number == last) {
                                            way.cut();
                                        }
                                    });
                    if (i % 20 == 0) {
                        String _ = StoreFixture.codeOf(stored);
                    }
                }
                assertThat(store.problem())
                        .get()
                        .extracting(Problem::code)
                        .isEqualTo("store.broken");
            }
            try (Store store = TestPostgres.open(settings)) {
                known = store.setting("n").map(Integer::parseInt).orElse(0);
                assertThat(known).isGreaterThanOrEqualTo(Math.max(last, acknowledged.get()));
                assertThat(PowerLoss.halves(store, known)).isEmpty();
            }
        }
    }

    private PostgresSettings by(TcpProxy way) {
        return new PostgresSettings(
                settings.host(),
                way.port(),
                settings.database(),
                settings.user(),
                settings.parameters(),
                settings.password(),
                settings.lease());
    }
}
