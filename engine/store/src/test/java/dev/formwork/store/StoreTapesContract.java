package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.tape.TapeEntry;
import dev.formwork.workflow.tape.Told;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What every store does with what runs were told.
abstract class StoreTapesContract extends StoreFilesContract {
    private static final NodeKey KEY = Samples.KEY;
    private static final RunId OTHER = new RunId("R2");

    private static TapeEntry entry(Told told) {
        return new TapeEntry(Samples.NOW, told, false, List.of());
    }

    private static Change tape(RunId run, Told... told) {
        List<TapeEntry> entries = new ArrayList<>();
        for (Told each : told) {
            entries.add(entry(each));
        }
        return new Change.AppendTape(run, entries);
    }

    private List<TapeEntry> tape(RunId run) {
        List<TapeEntry> entries = new ArrayList<>();
        store.tape(run, entries::add);
        return entries;
    }

    @Test
    void givesBackAllThatARunWasTold() throws Exception {
        List<TapeEntry> told = new ArrayList<>();
        told.add(new TapeEntry(Samples.NOW, new Told.Began(), true, List.of("M7", "J\n8")));
        for (Told each :
                List.of(
                        new Told.Anew(new Epoch(3)),
                        new Told.Found(Samples.machine("M1")),
                        new Told.Lacks(new MachineId("M2")),
                        new Told.Recovered(),
                        new Told.Granted(),
                        new Told.HandedOut(KEY),
                        new Told.Started(KEY),
                        new Told.Rebooted(KEY),
                        new Told.Reported(
                                KEY,
                                "failed",
                                Samples.VALUES,
                                Optional.of(3),
                                Optional.of("agent.disk-full"),
                                Optional.of("no\nroom")),
                        new Told.Reported(
                                KEY,
                                "succeeded",
                                Value.Struct.EMPTY,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        new Told.Lost(KEY),
                        new Told.Overdue(KEY),
                        new Told.Woken(KEY),
                        new Told.GoneUnder(KEY),
                        new Told.Gone(KEY),
                        new Told.Booted(KEY),
                        new Told.Allocated(KEY),
                        new Told.Made(KEY),
                        new Told.Unmade(KEY),
                        new Told.Refused(KEY, "cloud.busy", "later", true),
                        new Told.RunOverdue(),
                        new Told.Cancelled(true, "ann"),
                        new Told.Paused("lunch", "ann"),
                        new Told.Resumed("ann"),
                        new Told.Skipped(KEY, "why", "ann"),
                        new Told.Retried(List.of(KEY), "ann"),
                        new Told.Resolved(KEY, true, Samples.VALUES, "ann"),
                        new Told.Approved(KEY, "ann"),
                        new Told.Tainted(KEY, "ann"))) {
            told.add(entry(each));
        }
        assertThat(told.stream().map(entry -> entry.told().getClass()).distinct())
                .as("every kind is here")
                .hasSize((int) kinds(Told.class));
        for (TapeEntry each : told) {
            commit(new Change.AppendTape(Samples.RUN, List.of(each)));
        }
        commit(tape(OTHER, new Told.Began()));
        restart();
        commit(tape(Samples.RUN, new Told.Recovered()));

        told.add(entry(new Told.Recovered()));
        assertThat(tape(Samples.RUN)).containsExactlyElementsOf(told);
        assertThat(tape(OTHER)).hasSize(1);
        assertThat(tape(new RunId("R3"))).isEmpty();
    }

    private static long kinds(Class<?> type) {
        Class<?>[] permitted = type.getPermittedSubclasses();
        if (permitted == null) {
            return 1;
        }
        long kinds = 0;
        for (Class<?> each : permitted) {
            kinds += kinds(each);
        }
        return kinds;
    }

    @Test
    void readsATapeThatIsLongerThanWhatIsReadAtATime() {
        Value.Struct much = Value.of(Map.of("v", Value.of("é".repeat(300_000))));
        Told report =
                new Told.Reported(
                        KEY,
                        "succeeded",
                        much,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        for (int i = 0; i < 5; i++) {
            commit(tape(Samples.RUN, report, new Told.Woken(KEY)));
        }
        assertThat(tape(Samples.RUN)).hasSize(10).contains(entry(report));
    }

    @Test
    void keepsTheFirstOfWhatARunReplaced() throws Exception {
        StepResult first = Samples.result("demo", KEY);
        StepResult other = Samples.result("demo", NodeKey.of("other", "demo-members-0"));
        commit(
                new Change.KeepReplaced(Samples.RUN, first, Samples.NOW),
                new Change.KeepReplaced(Samples.RUN, other, Samples.NOW));
        commit(new Change.KeepReplaced(Samples.RUN, first.withTaint(), Samples.NOW.plusSeconds(1)));
        restart();
        assertThat(store.replaced(Samples.RUN)).containsExactlyInAnyOrder(first, other);
        assertThat(store.replaced(OTHER)).isEmpty();
    }

    @Test
    void aTapeGoesWithItsRun() throws Exception {
        for (RunId run : List.of(Samples.RUN, OTHER)) {
            commit(
                    tape(run, new Told.Began(), new Told.Woken(KEY)),
                    new Change.KeepReplaced(run, Samples.result("demo", KEY), Samples.NOW));
        }
        commit(new Change.DropRun(Samples.RUN));
        for (int round = 0; round < 2; round++) {
            assertThat(tape(Samples.RUN)).isEmpty();
            assertThat(store.replaced(Samples.RUN)).isEmpty();
            assertThat(tape(OTHER)).hasSize(2);
            assertThat(store.replaced(OTHER)).hasSize(1);
            restart();
        }
        takeAllShards();
        commit(tape(Samples.RUN, new Told.Granted()));
        assertThat(tape(Samples.RUN)).containsExactly(entry(new Told.Granted()));
    }

    /// An engine knows of dropped runs whose rows are left only with the shards to which they
    /// belong.
    private void takeAllShards() {
        store.seats()
                .announce(
                        EngineAddress.onLoopback(URI.create("http://127.0.0.1:1")),
                        new MachineId("M1"))
                .join();
        store.seats().take(new HashSet<>(Shard.all())).join();
    }
}
