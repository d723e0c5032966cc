package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Seats;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// What every [Store] does. A store's own test extends this and says how it is opened; none leaves
/// a test out.
abstract class StoreContract extends StoreTapesContract {
    @Test
    void readsALogByRange() throws Exception {
        byte[] whole = new byte[300_000];
        new java.util.Random(1).nextBytes(whole);
        List<Change> changes = new ArrayList<>();
        int at = 0;
        for (int size : new int[] {0, 1, 70_000, 65_536, 3, 100_000, 64_460}) {
            changes.add(new Change.AppendLog(JOB, at, ByteBuffer.wrap(whole, at, size)));
            at += size;
        }
        assertThat(at).isEqualTo(whole.length);
        commit(changes.subList(0, 3));
        commit(changes.subList(3, 5));
        restart();
        commit(changes.subList(5, 7));

        assertThat(store.logLength(JOB)).isEqualTo(whole.length);
        assertThat(store.log(JOB, 0, Integer.MAX_VALUE)).isEqualTo(whole);
        for (int from : new int[] {0, 1, 65_535, 65_536, 65_537, 135_536, 299_999, 300_000}) {
            assertThat(store.log(JOB, from, 1_000))
                    .isEqualTo(
                            Arrays.copyOfRange(whole, from, Math.min(whole.length, from + 1_000)));
        }
        assertThat(store.log(JOB, 400_000, 10)).isEmpty();
        assertThat(store.log(JOB, 10, 0)).isEmpty();
    }

    @Test
    void leavesTheBytesOfALogAsTheyWere() {
        ByteBuffer bytes = ByteBuffer.wrap("xhellox".getBytes(StandardCharsets.UTF_8), 1, 5);
        commit(new Change.AppendLog(JOB, 0, bytes));

        assertThat(bytes.position()).isEqualTo(1);
        assertThat(store.log(JOB, 0, 10)).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    }

    @Test
    void tellsTheEventsOfOneRun() throws Exception {
        RunId other = new RunId("r-other");
        commit(event("a"), event("b"), event("c"));
        commit(ofRun(Optional.of(other), "theirs"));
        commit(ofRun(Optional.empty(), "nobody's"));
        commit(event("d"));

        assertThat(store.events(Samples.RUN, 0, 3))
                .extracting(Event::subject)
                .containsExactly("a", "b", "c");
        long third = store.events(Samples.RUN, 0, 3).getLast().id();
        assertThat(store.events(Samples.RUN, third, 9))
                .extracting(Event::subject)
                .containsExactly("d");
        assertThat(store.events(other, 0, 9)).extracting(Event::subject).containsExactly("theirs");
        commit(new Change.DropEvents(third));
        assertThat(store.events(Samples.RUN, 0, 9)).extracting(Event::subject).containsExactly("d");
    }

    private static Change ofRun(Optional<RunId> run, String subject) {
        Event like = Samples.event(subject);
        return new Change.AppendEvent(
                new Event(0, like.at(), like.type(), run, subject, like.data()));
    }

    @Test
    void givesEventsRisingIdsAcrossRestarts() throws Exception {
        commit(event("a"), event("b"));
        commit(event("c"));
        restart();
        commit(event("d"));

        assertThat(store.events(0, 10))
                .extracting(Event::subject)
                .containsExactly("a", "b", "c", "d");
        assertThat(store.events(0, 10)).extracting(Event::id).isSorted().doesNotHaveDuplicates();
        long second = store.events(0, 10).get(1).id();
        assertThat(store.events(second, 1)).extracting(Event::subject).containsExactly("c");
        assertThat(store.events(Long.MAX_VALUE, 1)).isEmpty();
    }

    @Test
    void aReaderOfEventsMissesNone() throws Exception {
        int writers = 4;
        int each = 200;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            String name = "w" + i;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int n = 0; n < each; n++) {
                                    commit(event(name + "-" + n), event(name + "-" + n + "b"));
                                }
                            }));
        }
        List<Event> seen = new ArrayList<>();
        while (seen.size() < writers * each * 2) {
            long after = seen.isEmpty() ? 0 : seen.getLast().id();
            List<Event> more = store.events(after, 50);
            seen.addAll(more);
            if (more.isEmpty()) {
                Thread.onSpinWait();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(seen).extracting(Event::id).isSorted().doesNotHaveDuplicates();
        assertThat(seen).extracting(Event::subject).doesNotHaveDuplicates();
    }

    @Test
    void readsSeeWhatWasCommittedBeforeThem() {
        for (int i = 0; i < 200; i++) {
            commit(new Change.PutSetting("s", "" + i));
            assertThat(store.setting("s")).contains("" + i);
        }
    }

    @Test
    void givesASettingItsFirstValueOnce() {
        commit(new Change.InitSetting("s", "first"), new Change.InitSetting("s", "second"));
        commit(new Change.InitSetting("s", "third"));
        assertThat(store.setting("s")).contains("first");

        commit(new Change.PutSetting("s", "put"), new Change.InitSetting("s", "late"));
        assertThat(store.setting("s")).contains("put");
    }

    @Test
    void commitsOfOneCallerKeepTheirOrder() throws Exception {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            futures.add(store.commit(List.of(new Change.PutSetting("s", "" + i), event("" + i))));
        }
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .get(60, TimeUnit.SECONDS);

        assertThat(store.setting("s")).contains("999");
        assertThat(store.events(0, 2_000))
                .extracting(Event::subject)
                .containsExactlyElementsOf(
                        LongStream.range(0, 1_000).mapToObj(Long::toString).toList());
    }

    @Test
    void anEmptyCommitSucceeds() {
        commit();
    }

    @Test
    void forgetsARunWithAllBelowIt() throws Exception {
        RunId other = new RunId("R2");
        for (RunId run : List.of(Samples.RUN, other)) {
            List<Change> changes = new ArrayList<>();
            changes.add(
                    new Change.PutRun(
                            Samples.run(run.value(), "c", Samples.NOW, RunRecord.State.RUNNING)));
            for (int i = 0; i < 1_500; i++) {
                changes.add(
                        new Change.PutNode(NodeRecord.blocked(run, NodeKey.of("s", "demo-" + i))));
            }
            for (int i = 0; i < 3; i++) {
                String job = "J" + run + i;
                changes.add(
                        new Change.PutJob(
                                Samples.job(job, run, Samples.NOW, JobRecord.State.STARTED)));
                changes.add(new Change.AppendLog(new JobId(job), 0, bytes("log of " + run)));
            }
            commit(changes);
        }

        commit(new Change.DropRun(Samples.RUN), event("dropped"));

        for (int round = 0; round < 2; round++) {
            assertThat(store.run(Samples.RUN)).isEmpty();
            assertThat(store.runs(Optional.empty(), 10))
                    .extracting(RunRecord::id)
                    .containsExactly(other);
            assertThat(store.openRuns()).extracting(RunRecord::id).containsExactly(other);
            assertThat(store.nodes(Samples.RUN)).isEmpty();
            assertThat(store.jobs(Samples.RUN)).isEmpty();
            assertThat(store.job(new JobId("JR10"))).isEmpty();
            assertThat(store.logLength(new JobId("JR10"))).isZero();
            assertThat(store.log(new JobId("JR10"), 0, 10)).isEmpty();
            assertThat(store.openJobs()).hasSize(3).allMatch(job -> job.run().equals(other));
            assertThat(store.nodes(other)).hasSize(1_500);
            assertThat(store.log(new JobId("JR20"), 0, 100)).isNotEmpty();
            restart();
        }
    }

    @Test
    void forgetsEventsAndCountsOn() throws Exception {
        commit(event("a"), event("b"), event("c"), event("d"));
        long second = store.events(0, 10).get(1).id();
        commit(new Change.DropEvents(second));
        assertThat(store.events(0, 10)).extracting(Event::subject).containsExactly("c", "d");

        commit(new Change.DropEvents(Long.MAX_VALUE));
        assertThat(store.events(0, 10))
                .as("the newest stays, so that no id is given twice")
                .extracting(Event::subject)
                .containsExactly("d");
        restart();
        commit(event("e"));
        assertThat(store.events(0, 10))
                .extracting(Event::id)
                .containsExactly(second + 2, second + 3);
        commit(new Change.DropEvents(second));
        assertThat(store.events(second + 2, 10)).extracting(Event::subject).containsExactly("e");
    }

    @Test
    void aForgottenRunThatComesBackBringsNothingOld() {
        commit(
                new Change.PutRun(Samples.run("R1", "c", Samples.NOW, RunRecord.State.RUNNING)),
                new Change.PutNode(NodeRecord.blocked(Samples.RUN, Samples.KEY)),
                new Change.DropRun(Samples.RUN),
                new Change.PutRun(Samples.run("R1", "c", Samples.NOW, RunRecord.State.FAILED)));

        assertThat(store.run(Samples.RUN).orElseThrow().state()).isEqualTo(RunRecord.State.FAILED);
        assertThat(store.nodes(Samples.RUN)).isEmpty();
    }

    @Test
    void refusesAGapInALogAndAllThatFollows() throws Exception {
        commit(new Change.AppendLog(JOB, 0, bytes("12345")));

        CompletableFuture<Void> gap =
                store.commit(
                        List.of(
                                new Change.PutSetting("s", "half"),
                                new Change.AppendLog(JOB, 6, bytes("7"))));
        assertThatThrownBy(() -> gap.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("store.log-gap"));
        assertThat(codeOf(store.commit(List.of(new Change.PutSetting("s", "later")))))
                .isEqualTo("store.broken");

        restart();
        assertThat(store.setting("s")).isEmpty();
        assertThat(store.logLength(JOB)).isEqualTo(5);
        commit(new Change.PutSetting("s", "anew"));
        assertThat(store.setting("s")).contains("anew");
    }

    @Test
    void takesTextThatNoMachineShouldSend() throws Exception {
        String hostile = "nul \0, half a pair \uD800, quote ' \" \\ ?, line\u2028end";
        NodeRecord node = NodeRecord.blocked(Samples.RUN, Samples.KEY).to(NodeState.READY, hostile);
        commit(new Change.PutNode(node), event(hostile));
        restart();

        assertThat(store.nodes(Samples.RUN))
                .singleElement()
                .extracting(NodeRecord::reason, InstanceOfAssertFactories.STRING)
                .startsWith("nul ")
                .endsWith(", quote ' \" \\ ?, line\u2028end");
        assertThat(store.events(0, 10)).hasSize(1);
    }

    @Test
    void saysWhyItTakesNoCommits() {
        assertThat(store.problem()).isEmpty();
        commit(new Change.AppendLog(JOB, 0, bytes("12345")));
        assertThat(store.problem()).isEmpty();

        assertThat(codeOf(store.commit(List.of(new Change.AppendLog(JOB, 6, bytes("7"))))))
                .isEqualTo("store.log-gap");

        assertThat(store.problem()).get().extracting(Problem::code).isEqualTo("store.log-gap");
    }

    @Test
    void anEmptyCommitComesAfterThoseBeforeIt() throws Exception {
        CompletableFuture<Void> first = store.commit(List.of(new Change.PutSetting("s", "t")));
        store.commit(List.of()).get(60, TimeUnit.SECONDS);

        assertThat(first).isDone();
    }

    @Test
    void anEngineByItselfHasTheShardsThatItTakes() throws Exception {
        MachineId machine = new MachineId("M1");
        Shard own = Shard.ofEngine(machine);
        Shard seventh = new Shard("s-7");
        EngineAddress address = EngineAddress.onLoopback(URI.create("http://127.0.0.1:1"));
        store.seats().announce(address, machine).join();

        Seats.View view = store.seats().view();
        assertThat(view.seats().keySet()).containsAll(Shard.all()).contains(own).hasSize(65);
        assertThat(view.seats().values()).allMatch(seat -> seat.owner().isEmpty());
        assertThat(view.engines()).containsOnlyKeys(view.self());
        assertThat(view.engines().get(view.self()))
                .satisfies(engine -> {
                    assertThat(engine.address()).contains(address);
                    assertThat(engine.ownMachine()).contains(machine);
                    assertThat(engine.living()).isTrue();
                });

        assertThat(store.seats().take(Set.of(own, Shard.FIRST)).join())
                .containsExactlyInAnyOrder(own, Shard.FIRST);
        assertThat(store.seats().take(Set.of(Shard.FIRST, seventh)).join())
                .as("not what it has already")
                .containsExactly(seventh);
        store.seats().ask(Set.of(new Shard("s-8"))).join();
        store.seats().release(Set.of(seventh, new Shard("s-9"))).join();
        assertThat(store.seats().view().seats())
                .containsEntry(seventh, new Seats.Seat(Optional.empty(), Optional.empty()))
                .containsEntry(own, new Seats.Seat(Optional.of(view.self()), Optional.empty()));
        assertThat(store.seats().take(Set.of(seventh)).join()).containsExactly(seventh);

        restart();
        store.seats().announce(address, machine).join();
        assertThat(store.seats().take(Set.of(own, seventh)).join())
                .containsExactlyInAnyOrder(own, seventh);
    }

    @Test
    void tellsTheNewestEvent() {
        assertThat(store.lastEvent()).isZero();
        commit(event("a"), event("b"));
        assertThat(store.lastEvent()).isEqualTo(store.events(0, 10).getLast().id());
    }

    @Test
    void isClosedOnce() {
        store.close();
        store.close();

        assertThat(codeOf(store.commit(List.of(new Change.PutSetting("s", "t")))))
                .isEqualTo("store.closed");
        assertThatThrownBy(() -> store.machines())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo("store.closed"));
    }

    @Test
    void carriesOnWhereAReaderIsInterrupted() {
        commit(new Change.PutSetting("s", "t"));
        Thread.currentThread().interrupt();
        try {
            assertThat(store.setting("s")).contains("t");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        commit(new Change.PutSetting("s", "u"));
        assertThat(store.setting("s")).contains("u");
    }
}
