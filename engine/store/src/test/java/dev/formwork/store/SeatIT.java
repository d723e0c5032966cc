package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Seats;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/// Engines that share a PostgreSQL database: their leases, and who has which shard. Leases run out
/// by the database's time, which a test changes in the row itself.
@Timeout(120)
class SeatIT extends PostgresFixture {
    private static final Shard RED = new Shard("s-11");
    private static final Shard BLUE = new Shard("s-22");
    private static final Shard GREEN = new Shard("s-33");

    private static SortedSet<Shard> take(Store store, Shard... shards) {
        return store.seats().take(Set.of(shards)).join();
    }

    private static Optional<String> ownerOf(Store store, Shard shard) {
        return Optional.ofNullable(store.seats().view().seats().get(shard))
                .flatMap(Seats.Seat::owner);
    }

    @Test
    void aShardIsOneEnginesAtATime() {
        try (Store first = announced("m-1");
                Store second = announced("m-2")) {
            assertThat(take(first, RED, BLUE)).containsExactlyInAnyOrder(RED, BLUE);
            assertThat(take(second, RED, GREEN)).containsExactly(GREEN);
            assertThat(ownerOf(second, RED)).contains(first.seats().view().self());

            first.seats().release(Set.of(RED, GREEN)).join();
            assertThat(take(second, RED, BLUE)).containsExactly(RED);
            assertThat(ownerOf(first, GREEN)).contains(second.seats().view().self());
        }
    }

    @Test
    void whoLeavesFreesItsShards() {
        try (Store second = announced("m-2")) {
            try (Store first = announced("m-1")) {
                take(first, RED);
            }
            assertThat(ownerOf(second, RED)).isEmpty();
            assertThat(take(second, RED)).containsExactly(RED);
        }
    }

    @Test
    void knowsTheEngines() {
        try (Store first = announced("m-1");
                Store second = TestPostgres.open(settings)) {
            Seats.View view = second.seats().view();
            assertThat(view.engines()).hasSize(2);
            Seats.Engine one = view.engines().get(first.seats().view().self());
            assertThat(one).isNotNull();
            assertThat(one.address())
                    .contains(
                            new EngineAddress(
                                    URI.create("http://127.0.0.1/m-1"),
                                    Optional.of(URI.create("https://host/m-1"))));
            assertThat(one.ownMachine()).contains(new MachineId("m-1"));
            assertThat(one.holder())
                    .startsWith("process " + ProcessHandle.current().pid() + " on ");
            assertThat(one.living()).isTrue();
            assertThat(view.seats()).hasSize(65);
            letRunOut(first);
            assertThat(second.seats().view().engines().get(one.name()))
                    .isNotNull()
                    .extracting(Seats.Engine::living)
                    .isEqualTo(false);
        }
    }

    @Test
    void refusesTheLateCommitOfAnEngineThatWasReplaced() {
        try (Store first = announced("m-1");
                Store second = announced("m-2")) {
            take(first, RED);
            first.commit(List.of(put("first"), StoreFixture.event("first"))).join();
            letRunOut(first);
            assertThat(take(second, RED)).containsExactly(RED);
            second.commit(List.of(put("second"), StoreFixture.event("second"))).join();

            assertThat(
                            StoreFixture.codeOf(
                                    first.commit(List.of(put("late"), StoreFixture.event("late")))))
                    .isEqualTo("store.fenced");

            assertThat(first.problem()).get().extracting(Problem::code).isEqualTo("store.fenced");
            assertThat(second.setting("s")).contains("second");
            second.commit(List.of(StoreFixture.event("third"))).join();
            assertThat(second.events(0, 10))
                    .extracting(event -> event.id() + " " + event.subject())
                    .containsExactly("1 first", "2 second", "3 third");
        }
    }

    @Test
    void anEngineWhoseLeaseHasRunOutAndWhomNobodyReplacedGoesOn() {
        try (Store store = announced("m-1")) {
            letRunOut(store);
            store.commit(List.of(put("t"))).join();
            assertThat(store.seats().view().engines().values()).allMatch(Seats.Engine::living);
        }
    }

    @Test
    void anEngineOfTheSameDirectoryIsNotWaitedFor() {
        Store first = announced("m-1");
        take(first, RED);
        String name = first.seats().view().self();
        try (Store second =
                announced(
                        PostgresStore.open(settings, PowerLoss.SEALER, Optional.of(name)), "m-1")) {
            assertThat(second.seats().view().engines()).doesNotContainKey(name);
            assertThat(take(second, RED)).containsExactly(RED);
            assertThat(StoreFixture.codeOf(first.commit(List.of(put("late")))))
                    .isEqualTo("store.fenced");
        } finally {
            first.close();
        }
    }

    @Test
    void whatIsAskedForIsLeftToTheOneWhoAsked() {
        try (Store first = announced("m-1");
                Store second = announced("m-2");
                Store third = announced("m-3")) {
            take(first, RED);
            second.seats().ask(Set.of(RED)).join();
            third.seats().ask(Set.of(RED)).join();
            assertThat(first.seats().view().seats().get(RED))
                    .isEqualTo(
                            new Seats.Seat(
                                    Optional.of(first.seats().view().self()),
                                    Optional.of(second.seats().view().self())));
            first.seats().release(Set.of(RED)).join();
            assertThat(take(third, RED)).isEmpty();
            assertThat(take(second, RED)).containsExactly(RED);
            assertThat(second.seats().view().seats().get(RED))
                    .as("nobody asks any more")
                    .isEqualTo(
                            new Seats.Seat(
                                    Optional.of(second.seats().view().self()), Optional.empty()));
        }
    }

    @Test
    void whatADeadEngineAskedForIsNobodys() {
        try (Store first = announced("m-1");
                Store third = announced("m-3")) {
            try (Store second = announced("m-2")) {
                second.seats().ask(Set.of(RED)).join();
            }
            assertThat(third.seats().view().seats().get(RED))
                    .isEqualTo(new Seats.Seat(Optional.empty(), Optional.empty()));
            assertThat(take(first, RED)).containsExactly(RED);
        }
    }

    @Test
    void theMachineOfALivingEngineIsLeftToIt() {
        try (Store first = announced("m-1");
                Store second = announced("m-2")) {
            Shard own = Shard.ofEngine(new MachineId("m-1"));
            assertThat(take(second, own)).isEmpty();
            letRunOut(first);
            assertThat(take(second, own)).containsExactly(own);
        }
    }

    @Test
    void theShardsOfARunAreTakenTogether() {
        try (Store first = announced("m-1");
                Store second = announced("m-2")) {
            RunRecord run =
                    Samples.run("R1", "demo", Samples.NOW, RunRecord.State.RUNNING)
                            .withShards(new TreeSet<>(Set.of(RED, BLUE)));
            first.commit(List.of(new Change.PutRun(run))).join();
            assertThat(take(first, RED)).containsExactlyInAnyOrder(RED, BLUE);

            first.seats().release(Set.of(RED)).join();
            assertThat(take(second, RED)).as("its other half is another's").isEmpty();
            assertThat(take(first, RED)).as("it has the other half").containsExactly(RED);
            first.seats().release(Set.of(RED, BLUE)).join();
            assertThat(take(second, BLUE, GREEN)).containsExactlyInAnyOrder(RED, BLUE, GREEN);

            first.commit(
                            List.of(
                                    new Change.PutRun(
                                            run.ended(RunRecord.State.SUCCEEDED, "", Samples.NOW))))
                    .join();
            second.seats().release(Set.of(RED, BLUE)).join();
            assertThat(take(first, RED)).containsExactly(RED);
        }
    }

    private static List<Change> runWithAJobOnM1(Shard shard) {
        RunRecord run =
                Samples.run("R1", "demo", Samples.NOW, RunRecord.State.RUNNING)
                        .withShards(new TreeSet<>(Set.of(shard)));
        return List.of(
                new Change.PutRun(run),
                new Change.PutJob(
                        Samples.job("J1", run.id(), Samples.NOW, JobRecord.State.STARTED)));
    }

    @Test
    void anEnginesMachineGoesWithTheRunForWhichItWorks() {
        Shard own = Shard.ofEngine(new MachineId("M1"));
        try (Store second = announced("m-2")) {
            try (Store first = announced("M1")) {
                first.commit(runWithAJobOnM1(RED)).join();
                assertThat(take(second, RED)).as("its engine lives").isEmpty();
            }
            assertThat(take(second, RED)).containsExactlyInAnyOrder(RED, own);
        }
    }

    @Test
    void anEnginesMachineIsTiedToARunFromBeforeShardsToo() {
        Shard cluster = Shard.ofCluster("demo");
        try (Store first = announced("M1");
                Store second = announced("m-2")) {
            first.commit(runWithAJobOnM1(cluster)).join();
            sql("update runs set shards = ''");

            assertThat(take(second, cluster)).isEmpty();
            assertThat(take(first, cluster)).hasSize(2);
        }
    }

    @Test
    void whoseMachineIsTiedToWhatAnotherAskedForTakesBoth() {
        Shard own = Shard.ofEngine(new MachineId("M1"));
        try (Store first = announced("M1");
                Store second = announced("m-2")) {
            first.commit(runWithAJobOnM1(RED)).join();
            second.seats().ask(Set.of(RED)).join();

            assertThat(take(second, RED)).isEmpty();
            assertThat(take(first, own)).containsExactlyInAnyOrder(own, RED);
        }
    }

    @Test
    void whatOneAskedForWhoseLeaseIsOverAnotherMayAskFor() {
        try (Store second = announced("m-2");
                Store third = announced("m-3")) {
            second.seats().ask(Set.of(RED)).join();
            letRunOut(second);
            third.seats().ask(Set.of(RED)).join();

            assertThat(third.seats().view().seats().get(RED))
                    .isEqualTo(new Seats.Seat(Optional.empty(), Optional.of(self(third))));
        }
    }

    @Test
    void seatsAreTakenAfterAllThatWasCommittedBefore() {
        try (Store first = announced("m-1")) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(first.commit(List.of(put("" + i))));
            }
            first.seats().release(Set.of(RED)).join();
            assertThat(all).allMatch(CompletableFuture::isDone);
            assertThat(first.setting("s")).contains("49");
        }
    }

    @Test
    void anEngineThatHasNothingToWriteHearsThatItWasReplaced() {
        try (Store store = TestPostgres.open(settings.withLease(Duration.ofMillis(400)))) {
            assertThat(store.problem()).isEmpty();
            sql("delete from engines");

            Optional<Problem> problem = store.problem().filter(SeatIT::isFenced);
            while (problem.isEmpty()) {
                Thread.onSpinWait();
                problem = store.problem().filter(SeatIT::isFenced);
            }

            assertThat(problem.get().detail()).contains("other engines have taken over");
            assertThat(StoreFixture.codeOf(store.commit(List.of()))).isEqualTo("store.broken");
        }
    }

    private static boolean isFenced(Problem problem) {
        return problem.code().equals("store.fenced");
    }

    @Test
    void renewsItsLeaseWhileItHasNothingToWrite() {
        try (Store store = TestPostgres.open(settings.withLease(Duration.ofMillis(400)))) {
            String until = sql("select lease_until from engines");
            awaitSql("lease_until > '" + until + "' from engines");
            store.commit(List.of(put("t"))).join();
        }
    }

    @Test
    void anAnswerThatRestsOnNothingNewIsNotGivenByAnEngineThatWasReplaced() {
        // Its lease is over at once, so it asks the database before each answer.
        try (Store store = TestPostgres.open(settings.withLease(Duration.ofMillis(1)))) {
            store.commit(List.of()).join();
            sql("delete from engines");

            assertThat(StoreFixture.codeOf(store.commit(List.of())))
                    .isIn("store.fenced", "store.broken");
        }
    }
}
