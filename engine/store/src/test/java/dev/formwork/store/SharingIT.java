package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.JobId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.RecordSwap;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/// What engines on one PostgreSQL do to each other's transactions: they wait, are undone and done
/// again, and tidy up once.
@Timeout(120)
class SharingIT extends PostgresFixture {
    private static final Duration SHORT = Duration.ofMillis(400);

    /// Somebody else's transaction.
    private final class Other implements AutoCloseable {
        private final Connection connection;

        private Other() throws SQLException {
            connection = new PostgresDatabase(settings).connect();
            connection.setAutoCommit(false);
            // Not this one is undone in a deadlock, but the engine.
            say("set idle_in_transaction_session_timeout = 0");
            say("set deadlock_timeout = '1h'");
        }

        private void say(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        private void commit() throws SQLException {
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    @Test
    void severalEnginesWriteSideBySide() {
        try (Store first = TestPostgres.open(settings);
                Store second = TestPostgres.open(settings)) {
            first.commit(List.of(put("first"), StoreFixture.event("first"))).join();
            second.commit(List.of(put("second"), StoreFixture.event("second"))).join();
            first.commit(List.of(StoreFixture.event("third"))).join();

            assertThat(first.setting("s")).contains("second");
            assertThat(second.lastEvent()).isEqualTo(3);
            assertThat(second.events(0, 10))
                    .extracting(event -> event.id() + " " + event.subject())
                    .containsExactly("1 first", "2 second", "3 third");
        }
        assertThat(sql("select count(*) from engines")).isEqualTo("0");
    }

    @Test
    void aReaderWhoSawAnEventNeverFindsANewOneBelow() throws Exception {
        int each = 300;
        try (Store first = TestPostgres.open(settings);
                Store second = TestPostgres.open(settings);
                Store reader = TestPostgres.open(settings);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Store writer : List.of(first, second)) {
                var _ =
                        threads.submit(() -> {
                            for (int i = 0; i < each; i++) {
                                CompletableFuture<Void> stored =
                                        writer.commit(List.of(StoreFixture.event("e")));
                                if (i % 7 == 0) {
                                    stored.join();
                                }
                            }
                        });
            }
            long seen = 0;
            List<Long> ids = new ArrayList<>();
            while (ids.size() < 2 * each) {
                for (Event event : reader.events(seen, 50)) {
                    ids.add(event.id());
                    seen = event.id();
                }
            }
            assertThat(ids)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 2L * each).boxed().toList());
        }
    }

    /// While one engine has looked and not yet ended its transaction, the other waits with its
    /// look.
    @Test
    void aRecordThatBothWantIsOneEngines() {
        try (Store first = TestPostgres.open(settings);
                Store second = TestPostgres.open(settings)) {
            List<CompletableFuture<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                for (Store store : List.of(first, second)) {
                    answers.add(
                            store.swapRecords(
                                    "racks",
                                    List.of(
                                            new RecordSwap(
                                                    "node-" + i,
                                                    Optional.empty(),
                                                    Optional.of(self(store))),
                                            new RecordSwap(
                                                    "machine-" + i + self(store),
                                                    Optional.empty(),
                                                    Optional.of("node-" + i)))));
                }
            }
            assertThat(answers.stream().filter(CompletableFuture::join)).hasSize(200);
            assertThat(first.records("racks")).hasSize(400).isEqualTo(second.records("racks"));
        }
    }

    private void awaitThatTheEngineWaits() {
        awaitSql(
                "exists (select 1 from pg_stat_activity where datname = current_database()"
                        + " and wait_event_type = 'Lock')");
    }

    @Test
    void doesAgainWhatADeadlockUndid() throws SQLException {
        sql("alter database " + settings.database() + " set deadlock_timeout = '3s'");
        try (Store store = TestPostgres.open(settings);
                Other other = new Other()) {
            List<Change> run = new ArrayList<>();
            run.add(put("t", "old"));
            run.add(
                    new Change.PutRun(
                            Samples.run("R1", "c", Samples.NOW, RunRecord.State.RUNNING)));
            run.add(new Change.PutNode(NodeRecord.blocked(Samples.RUN, Samples.KEY)));
            run.add(new Change.DropRun(Samples.RUN));
            run.add(new Change.AppendLog(StoreFixture.JOB, 0, StoreFixture.bytes("12345")));
            store.commit(run).join();
            other.say("update settings set setting = 'other' where name = 't'");

            CompletableFuture<Void> stored =
                    store.commit(
                            List.of(
                                    new Change.PutRun(
                                            Samples.run(
                                                    "R1",
                                                    "c",
                                                    Samples.NOW,
                                                    RunRecord.State.FAILED)),
                                    new Change.AppendLog(
                                            StoreFixture.JOB, 5, StoreFixture.bytes("678")),
                                    put("t", "new"),
                                    StoreFixture.event("once")));
            awaitThatTheEngineWaits();
            other.say("select * from dropped_runs for update");
            other.commit();
            stored.join();

            assertThat(store.setting("t")).contains("new");
            assertThat(store.run(Samples.RUN).orElseThrow().state())
                    .isEqualTo(RunRecord.State.FAILED);
            assertThat(sql("select count(*) from nodes"))
                    .as("nothing old came back")
                    .isEqualTo("0");
            assertThat(sql("select count(*) from dropped_runs")).isEqualTo("0");
            assertThat(store.logLength(StoreFixture.JOB)).isEqualTo(8);
            assertThat(store.events(0, 10)).hasSize(1);
        }
    }

    @Test
    void whoWasReplacedWhileItsTransactionWasUndoneDoesNotDoItAgain() throws SQLException {
        sql("alter database " + settings.database() + " set deadlock_timeout = '3s'");
        try (Store store = TestPostgres.open(settings);
                Other other = new Other()) {
            store.commit(List.of(put("t", "old"))).join();
            other.say("update settings set setting = 'other' where name = 't'");
            CompletableFuture<Void> stored = store.commit(List.of(put("t", "new")));
            awaitThatTheEngineWaits();
            other.say("delete from engines where engine = '" + self(store) + "'");
            other.commit();

            assertThat(StoreFixture.codeOf(stored)).isEqualTo("store.fenced");
            assertThat(store.setting("t")).contains("other");
        }
    }

    @Test
    void doesAgainWhatTheDatabaseAsksForAndGivesUpInTheEnd() {
        try (Store store = TestPostgres.open(settings)) {
            sql(
                    """
                    create sequence tries;
                    create function refuse() returns trigger language plpgsql as $$ begin
                      if nextval('tries') <= 3 or new.name = 'never' then
                        raise exception 'again' using errcode = '40001';
                      end if;
                      return new;
                    end $$;
                    create trigger refuse before insert on settings for each row
                      execute function refuse();
                    """);
            store.commit(List.of(put("s", "t"), StoreFixture.event("once"))).join();
            assertThat(store.setting("s")).contains("t");
            assertThat(store.events(0, 10)).hasSize(1);

            assertThat(StoreFixture.codeOf(store.commit(List.of(put("never", "")))))
                    .isEqualTo("store.broken");
        }
    }

    @Test
    void severalEnginesStoreTheSameFilesAtOnce() throws Exception {
        try (Store first = TestPostgres.open(settings);
                Store second = TestPostgres.open(settings);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                Change files = new Change.PutFiles("files-" + round, Samples.files(), Samples.NOW);
                List<Future<?>> both = new ArrayList<>();
                for (Store store : List.of(first, second)) {
                    both.add(threads.submit(() -> store.commit(List.of(files)).join()));
                }
                for (Future<?> each : both) {
                    each.get();
                }
                assertThat(first.files("files-" + round).orElseThrow().digest())
                        .isEqualTo(Samples.files().digest());
            }
        }
    }

    @Test
    void anEngineInTheMiddleOfATransactionIsNotTakenForDead() throws SQLException {
        Shard shard = new Shard("s-7");
        try (Store first = announced(TestPostgres.open(settings.withLease(SHORT)), "m-1");
                Store second = announced("m-2");
                Other other = new Other()) {
            first.commit(List.of(put("t", "old"))).join();
            assertThat(first.seats().take(Set.of(shard)).join()).containsExactly(shard);
            sql(
                    """
                    create table renewals (transaction bigint);
                    create function renewed() returns trigger language plpgsql as $$ begin
                      insert into renewals select txid_current();
                      return new;
                    end $$;
                    create trigger renewed after update on engines for each row
                      execute function renewed();
                    """);
            other.say("update settings set setting = 'other' where name = 't'");
            CompletableFuture<Void> stored = first.commit(List.of(put("t", "new")));
            awaitSql(
                    "lease_until < clock_timestamp() from engines where engine = '"
                            + self(first)
                            + "'");

            assertThat(second.seats().take(Set.of(shard)).join()).isEmpty();
            other.commit();
            stored.join();

            assertThat(first.setting("t")).contains("new");
            assertThat(
                            sql(
                                    "select max(n) from (select count(*) as n from renewals group by"
                                            + " transaction) as each"))
                    .as("before it ends the lease is renewed, as others look at it then")
                    .isEqualTo("2");
        }
    }

    @Test
    void oneEngineEmptiesWhatWasForgotten() {
        try (Store first = announced("m-1");
                Store second = announced("m-2")) {
            List<Change> run = runOfManyNodes("R1");
            first.commit(run).join();
            first.commit(List.of(new Change.DropRun(Samples.RUN))).join();
            for (int i = 0; i < 20; i++) {
                first.commit(List.of(put("s", "" + i))).join();
            }
            assertThat(sql("select count(*) from nodes"))
                    .as("it has not the shard of those who empty")
                    .isEqualTo("1500");

            second.seats().take(Set.of(Shard.FIRST)).join();

            awaitSql("count(*) = 0 from nodes");
            awaitSql("count(*) = 0 from dropped_runs");
            second.seats().release(Set.of(Shard.FIRST)).join();
            second.commit(run).join();
            second.commit(List.of(new Change.DropRun(Samples.RUN))).join();
            first.seats().take(Set.of(Shard.FIRST)).join();
            awaitSql("count(*) = 0 from nodes");
        }
    }

    @Test
    void whoEmptiesWhatWasForgottenHoldsUpNobody() throws SQLException {
        try (Store first = announced("m-1");
                Store second = announced("m-2");
                Other other = new Other()) {
            first.seats().take(Set.of(Shard.FIRST)).join();
            first.commit(runOfManyNodes("R1")).join();
            other.say("select * from nodes for update");
            first.commit(List.of(new Change.DropRun(new RunId("R1")))).join();
            awaitThatTheEngineWaits();

            second.commit(runOfManyNodes("R2")).join();
            second.commit(List.of(new Change.DropEvents(1))).join();

            assertThat(sql("select run_id, count(*) from nodes group by 1 order by 1"))
                    .as("the rows of both")
                    .isEqualTo("R1|1500\nR2|1500");
            other.commit();
            awaitSql("count(*) = 1500 from nodes");
        }
    }

    private static List<Change> runOfManyNodes(String id) {
        RunRecord run = Samples.run(id, "c", Samples.NOW, RunRecord.State.SUCCEEDED);
        List<Change> all = new ArrayList<>();
        all.add(new Change.PutRun(run));
        for (int i = 0; i < 1_500; i++) {
            all.add(new Change.PutNode(NodeRecord.blocked(run.id(), NodeKey.of("s", "m-" + i))));
        }
        all.add(
                new Change.PutJob(
                        Samples.job("J" + id, run.id(), Samples.NOW, JobRecord.State.CLOSED)));
        all.add(new Change.AppendLog(new JobId("J" + id), 0, StoreFixture.bytes("log")));
        all.add(StoreFixture.event(id));
        return all;
    }

    @Test
    void bringsADatabaseToItsFormatOnlyWhileNoOtherEngineIsAtWork() {
        TestPostgres.open(settings).close();
        sql(
                """
                delete from flyway_schema_history where version in ('8.1', '9', '10');
                drop table provider_records;
                drop table pools;
                alter table engines drop column secure_url;
                insert into engines (engine, holder, lease_until)
                  values ('older', 'process 1 on old', clock_timestamp() + interval '1 hour');
                """);
        assertThatThrownBy(() -> TestPostgres.open(settings))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("store.format"))
                .hasMessageContaining("process 1 on old");
        assertThat(sql("select count(*) from engines")).isEqualTo("1");

        PostgresStore.open(settings, PowerLoss.SEALER, Optional.of("older")).close();

        try (Store first = TestPostgres.open(settings);
                Store second = TestPostgres.open(settings)) {
            first.commit(List.of(put("s", "t"))).join();
            assertThat(second.setting("s")).contains("t");
        }
    }

    @Test
    void oneOfSeveralEnginesGivesASettingItsFirstValue() {
        try (Store first = announced("m-1");
                Store second = announced("m-2")) {
            for (int i = 0; i < 50; i++) {
                String name = "once-" + i;
                CompletableFuture<Void> one =
                        first.commit(List.of(new Change.InitSetting(name, "one")));
                CompletableFuture<Void> two =
                        second.commit(List.of(new Change.InitSetting(name, "two")));
                one.join();
                Optional<String> seen = first.setting(name);
                two.join();
                assertThat(seen).isPresent();
                assertThat(second.setting(name)).isEqualTo(seen);
            }
        }
    }
}
