package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;

/// What is PostgreSQL's own, beside the contract: who may write, and what is said where the
/// database is gone. Leases run out by the database's time, which a test changes in the row itself.
@Timeout(120)
class SeatIT {
    private static final String RUN_OUT = "update seats set lease_until = clock_timestamp()";

    private static Optional<TestPostgres> postgres = Optional.empty();

    @BeforeAll
    static void startServer() throws IOException {
        postgres = Optional.of(TestPostgres.start());
    }

    @AfterAll
    static void stopServer() {
        postgres.ifPresent(TestPostgres::close);
    }

    private final PostgresSettings settings = postgres.orElseThrow().emptyDatabase();

    private String sql(String sql) {
        return postgres.orElseThrow().server().sql(settings.database(), sql);
    }

    private static Change put(String value) {
        return new Change.PutSetting("s", value);
    }

    @Test
    void isOneEnginesAtATime() {
        try (Store store = TestPostgres.open(settings)) {
            assertProblem(() -> TestPostgres.open(settings), "store.locked")
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ");
            store.commit(List.of(put("t"))).join();
        }
        TestPostgres.open(settings).close();
        assertThat(sql("select shard, epoch from seats")).isEqualTo("main|2");
    }

    @Test
    void refusesTheLateCommitOfAnEngineThatWasReplaced() {
        try (Store first = TestPostgres.open(settings)) {
            first.commit(List.of(put("first"), StoreFixture.event("first"))).join();
            sql(RUN_OUT);
            try (Store second = TestPostgres.open(settings)) {
                second.commit(List.of(put("second"), StoreFixture.event("second"))).join();

                assertThat(
                                StoreFixture.codeOf(
                                        first.commit(
                                                List.of(put("late"), StoreFixture.event("late")))))
                        .isEqualTo("store.fenced");

                assertThat(first.problem())
                        .get()
                        .extracting(Problem::code)
                        .isEqualTo("store.fenced");
                assertThat(second.setting("s")).contains("second");
                second.commit(List.of(StoreFixture.event("third"))).join();
                assertThat(second.events(0, 10))
                        .extracting(event -> event.id() + " " + event.subject())
                        .containsExactly("1 first", "2 second", "3 third");
            }
        }
        assertThat(sql("select epoch from seats where lease_until <= clock_timestamp()"))
                .as("the first did not let go of what was the second's")
                .isEqualTo("2");
    }

    @Test
    void anEngineThatHasNothingToWriteHearsThatItWasReplaced() {
        try (Store store = TestPostgres.open(settings.withLease(Duration.ofMillis(400)))) {
            assertThat(store.problem()).isEmpty();
            sql("update seats set epoch = epoch + 1, holder = 'somebody else'");

            Problem problem = await(() -> store.problem().filter(this::isFenced));

            assertThat(problem.detail()).contains("somebody else");
            assertThat(StoreFixture.codeOf(store.commit(List.of()))).isEqualTo("store.broken");
        }
    }

    private boolean isFenced(Problem problem) {
        return problem.code().equals("store.fenced");
    }

    @Test
    void holdsOnToItsSeatWhileItHasNothingToWrite() {
        try (Store store = TestPostgres.open(settings.withLease(Duration.ofMillis(400)))) {
            String until = sql("select lease_until from seats");
            await(() ->
                    Optional.of(sql("select lease_until > '" + until + "' from seats"))
                            .filter("t"::equals));
            store.commit(List.of(put("t"))).join();
        }
    }

    @Test
    void anAnswerThatRestsOnNothingNewIsNotGivenByAnEngineThatWasReplaced() {
        // Its lease is over at once, so it asks the database before each answer.
        try (Store store = TestPostgres.open(settings.withLease(Duration.ofMillis(1)))) {
            store.commit(List.of()).join();
            sql("update seats set epoch = epoch + 1");

            assertThat(StoreFixture.codeOf(store.commit(List.of())))
                    .isIn("store.fenced", "store.broken");
        }
    }

    @Test
    void standsByAndTakesOver() throws Exception {
        Store first = TestPostgres.open(settings);
        first.commit(List.of(put("first"))).join();
        SynchronousQueue<String> told = new SynchronousQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Store> second =
                    threads.submit(() ->
                            PostgresStore.open(
                                    settings.withPatience(TestPostgres.LONG),
                                    PowerLoss.SEALER,
                                    (holder, since) -> put(told, holder + " since " + since)));
            assertThat(told.take())
                    .startsWith("process " + ProcessHandle.current().pid() + " on ")
                    .contains(" since 20");
            assertThat(second.isDone()).isFalse();

            first.close();

            try (Store store = second.get()) {
                assertThat(store.setting("s")).contains("first");
            }
        }
    }

    private static void put(SynchronousQueue<String> told, String words) {
        try {
            told.put(words);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void ofSeveralEnginesOnAnEmptyDatabaseOneMakesIt() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Object> opening =
                    () -> {
                        try {
                            return TestPostgres.open(settings);
                        } catch (ProblemException e) {
                            return e.code();
                        }
                    };
            List<Object> outcomes = new ArrayList<>();
            for (Future<Object> each :
                    threads.invokeAll(List.of(opening, opening, opening, opening))) {
                outcomes.add(each.get());
            }
            assertThat(outcomes).filteredOn(Store.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn("store.locked"::equals).hasSize(3);
            for (Object outcome : outcomes) {
                if (outcome instanceof Store store) {
                    store.commit(List.of(put("t"))).join();
                    store.close();
                }
            }
        }
    }

    @Test
    void refusesAnotherKeyAndLetsGoOfTheSeat() {
        TestPostgres.open(settings).close();
        SecretSealer other =
                new SecretSealer(
                        "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        assertProblem(() -> PostgresStore.open(settings, other, (_, _) -> {}), "store.bad-key");
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

    private static <T> T await(Callable<Optional<T>> something) {
        try {
            while (true) {
                Optional<T> found = something.call();
                if (found.isPresent()) {
                    return found.get();
                }
                Thread.onSpinWait();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable>
            assertProblem(ThrowingCallable call, String code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
