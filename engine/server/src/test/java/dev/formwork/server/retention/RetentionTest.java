package dev.formwork.server.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.InMemoryStore;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final InMemoryStore store = new InMemoryStore();
    private final List<Instant> plansAsked = new ArrayList<>();
    private final List<Instant> filesAsked = new ArrayList<>();

    private final Retention retention =
            new Retention(
                    store,
                    (before, _) -> {
                        plansAsked.add(before);
                        return plansAsked.size() < 3 ? 1 : 0;
                    },
                    (before, limit) -> {
                        filesAsked.add(before);
                        return filesAsked.size() == 1 ? limit : 7;
                    },
                    new RetentionPolicy(120, DAY.multipliedBy(30)));

    @Test
    void forgetsOldRunsAFewAtATimeAndNeverTheLastOrAnOpenOne() {
        for (int i = 0; i < 300; i++) {
            run("busy", i, RunRecord.State.SUCCEEDED, NOW.minusSeconds(1_000 - i));
        }
        run("quiet", 0, RunRecord.State.SUCCEEDED, NOW.minus(DAY.multipliedBy(300)));
        run("stuck", 0, RunRecord.State.RUNNING, NOW.minus(DAY.multipliedBy(300)));
        run("stuck", 1, RunRecord.State.FAILED, NOW.minus(DAY.multipliedBy(200)));
        run("late", 0, RunRecord.State.FAILED, NOW.minus(DAY.multipliedBy(31)));
        run("late", 1, RunRecord.State.FAILED, NOW.minus(DAY.multipliedBy(31)).plusSeconds(9));

        Retention.Forgotten forgotten = retention.pass(NOW, () -> true);

        assertThat(forgotten.runs()).isEqualTo(181);
        assertThat(store.runs(Optional.of("busy"), 999)).hasSize(120);
        assertThat(store.runs(Optional.of("busy"), 1).getFirst().id().value())
                .isEqualTo("busy-299");
        assertThat(store.runs(Optional.of("quiet"), 9)).hasSize(1);
        assertThat(store.runs(Optional.of("stuck"), 9)).hasSize(2);
        assertThat(store.runs(Optional.of("late"), 9))
                .extracting(run -> run.id().value())
                .containsExactly("late-1");
        assertThat(store.events(0, 999))
                .hasSize(181)
                .allMatch(event -> event.type().equals("run.forgotten"));
        assertThat(retention.pass(NOW, () -> true).runs()).isZero();
    }

    @Test
    void asksForUnusedPlansUntilThereAreNone() {
        assertThat(retention.pass(NOW, () -> true).plans()).isEqualTo(2);
        assertThat(plansAsked).hasSize(3).allMatch(NOW.minus(DAY.multipliedBy(30))::equals);
    }

    @Test
    void asksForUnusedFilesOnceADay() {
        assertThat(retention.pass(NOW, () -> true).files()).isEqualTo(57);
        assertThat(filesAsked).hasSize(2).allMatch(NOW.minus(DAY.multipliedBy(30))::equals);
        assertThat(retention.pass(NOW.plus(Duration.ofHours(23)), () -> true).files()).isZero();
        assertThat(retention.pass(NOW.plus(DAY), () -> true).files()).isEqualTo(7);
    }

    @Test
    void forgetsOldEventsAndTellsWhoAsksForThem() {
        for (int i = 0; i < 2_500; i++) {
            event(NOW.minus(DAY.multipliedBy(40)).plusSeconds(i));
        }
        event(NOW);
        EventHorizon horizon = new EventHorizon(store);
        horizon.require(0);

        assertThat(retention.pass(NOW, () -> true).events()).isEqualTo(2_500);

        assertThat(store.events(0, 10)).extracting(Event::at).containsExactly(NOW);
        assertThatThrownBy(() -> horizon.require(2_499))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("event.pruned"));
        horizon.require(2_500);
        assertThat(retention.pass(NOW, () -> true).events()).isZero();
    }

    @Test
    void keepsTheNewestEventHoweverOldItIs() {
        event(NOW.minus(DAY.multipliedBy(80)));
        event(NOW.minus(DAY.multipliedBy(70)));
        assertThat(retention.pass(NOW, () -> true).events()).isEqualTo(1);
        assertThat(store.events(0, 10)).hasSize(1);
    }

    @Test
    void stopsBetweenCommitsWhereItIsTold() {
        run("late", 0, RunRecord.State.FAILED, NOW.minus(DAY.multipliedBy(99)));
        run("late", 1, RunRecord.State.FAILED, NOW.minus(DAY.multipliedBy(98)));
        assertThat(retention.pass(NOW, () -> false).isNothing()).isTrue();
    }

    /// Before each commit it asks whether to go on.
    @Test
    void eachCommitForgetsAFew() {
        Retention ofRunsAndEvents =
                new Retention(
                        store,
                        (_, _) -> 0,
                        (_, _) -> 0,
                        new RetentionPolicy(1, DAY.multipliedBy(30)));
        for (int i = 0; i < 120; i++) {
            run("busy", i, RunRecord.State.SUCCEEDED, NOW.minusSeconds(1_000 - i));
        }
        for (int i = 0; i < 2_500; i++) {
            event(NOW.minus(DAY.multipliedBy(40)).plusSeconds(i));
        }

        assertThat(ofRunsAndEvents.pass(NOW, times(2)))
                .isEqualTo(new Retention.Forgotten(100, 0, 0, 0));
        int lookingForRunsAndPlans = 3;
        assertThat(ofRunsAndEvents.pass(NOW, times(lookingForRunsAndPlans + 2)))
                .isEqualTo(new Retention.Forgotten(19, 0, 2_000, 0));
    }

    private static BooleanSupplier times(int most) {
        AtomicInteger left = new AtomicInteger(most);
        return () -> left.getAndDecrement() > 0;
    }

    @Test
    void keepsAtLeastSomething() {
        assertThat(RetentionPolicy.of(1, 1)).isEqualTo(new RetentionPolicy(1, DAY));
        assertThatThrownBy(() -> RetentionPolicy.of(0, 90))
                .hasMessageContaining("server.bad-retention");
        assertThatThrownBy(() -> RetentionPolicy.of(100, 0))
                .hasMessageContaining("server.bad-retention");
    }

    private void run(String cluster, int number, RunRecord.State state, Instant at) {
        commit(
                new Change.PutRun(
                        new RunRecord(
                                new RunId(cluster + "-" + number),
                                cluster,
                                Plan.Kind.APPLY,
                                new TreeSet<>(Set.of(Shard.ofCluster(cluster))),
                                "sha256:0",
                                state,
                                "me",
                                RunRecord.Terms.STANDARD,
                                false,
                                Optional.empty(),
                                "",
                                Optional.empty(),
                                at,
                                state.ended() ? Optional.of(at) : Optional.empty(),
                                Epoch.FIRST)));
    }

    private void event(Instant at) {
        commit(
                new Change.AppendEvent(
                        new Event(
                                0, at, "node.changed", Optional.empty(), "x", Value.Struct.EMPTY)));
    }

    private void commit(Change change) {
        assertThat(store.commit(List.of(change))).isCompleted();
    }
}
