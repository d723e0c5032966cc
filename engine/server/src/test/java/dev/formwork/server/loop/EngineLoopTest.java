package dev.formwork.server.loop;

import static dev.formwork.server.loop.ScriptedCore.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.store.BrokenStore;
import dev.formwork.workflow.store.InMemoryStore;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

class EngineLoopTest {
    private final HeldStore disk = new HeldStore();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final EffectSink effects =
            effect -> {
                if (effect instanceof Effect.WakeAgent(var machine)) {
                    done.add(machine.value());
                }
            };
    private EngineLoop loop = start(ScriptedCore.storing(), new InMemoryStore());

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void answersAndActsOnlyWhenTheTransitionIsDurable() throws Exception {
        ScriptedCore core = ScriptedCore.storing();
        restart(core, disk.store());

        CompletableFuture<Reply> answer = loop.submit(input("one"));
        core.next();
        HeldStore.Held commit = disk.next();

        assertThat(answer).isNotDone();
        assertThat(done).isEmpty();
        disk.complete(commit);
        assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(new Reply.Done());
        loop.close();
        assertThat(done).containsExactly("one");
    }

    @Test
    void storesWhatWasAskedBecauseOfATransitionTogetherWithIt() throws Exception {
        AtomicReference<EngineLoop> self = new AtomicReference<>();
        List<CompletableFuture<Reply>> asked = new CopyOnWriteArrayList<>();
        EffectSink asking =
                new EffectSink() {
                    @Override
                    public void perform(Effect effect) {}

                    @Override
                    public void foresee(Effect effect) {
                        if (effect.equals(new Effect.WakeAgent(new MachineId("one")))) {
                            asked.add(self.get().submit(input("two")));
                        }
                    }
                };
        loop.close();
        loop = start(ScriptedCore.storing(), disk.store(), asking);
        self.set(loop);

        CompletableFuture<Reply> first = loop.submit(input("one"));
        HeldStore.Held commit = disk.next();

        assertThat(commit.changes()).as("of both").hasSize(2);
        assertThat(asked).hasSize(1).noneMatch(CompletableFuture::isDone);
        disk.complete(commit);
        first.get(5, TimeUnit.SECONDS);
        asked.getFirst().get(5, TimeUnit.SECONDS);
    }

    @Test
    void stepsOnWhileACommitIsUnderWay() throws Exception {
        ScriptedCore core = ScriptedCore.storing();
        restart(core, disk.store());

        CompletableFuture<Reply> first = loop.submit(input("one"));
        HeldStore.Held commit = disk.next();
        CompletableFuture<Reply> second = loop.submit(input("two"));
        HeldStore.Held later = disk.next();

        later.durable().complete(null);
        assertThat(second).as("its turn comes after the first").isNotDone();
        commit.durable().complete(null);
        first.get(5, TimeUnit.SECONDS);
        second.get(5, TimeUnit.SECONDS);
        loop.close();
        assertThat(done).containsExactly("one", "two");
    }

    @Test
    void holdsBackAnAnswerThatRestsOnWhatIsNotDurableYet() throws Exception {
        ScriptedCore core =
                new ScriptedCore(input ->
                        ScriptedCore.name(input).equals("read")
                                ? ScriptedCore.replying(new Reply.Logged(7))
                                : ScriptedCore.stored("write"));
        restart(core, disk.store());

        CompletableFuture<Reply> _ = loop.submit(input("write"));
        HeldStore.Held commit = disk.next();
        CompletableFuture<Reply> read = loop.submit(input("read"));
        core.next();
        core.next();

        assertThat(read).isNotDone();
        disk.complete(commit);
        assertThat(read.get(5, TimeUnit.SECONDS)).isEqualTo(new Reply.Logged(7));
    }

    @Test
    void failsEveryoneWithTheStoresProblemAndStops() {
        BrokenStore store = new BrokenStore(new InMemoryStore());
        restart(ScriptedCore.storing(), store);
        loop.submit(input("good")).join();
        store.breakAfter(0, Problem.of("store.full", "the disk is full"));

        CompletableFuture<Reply> lost = loop.submit(input("lost"));

        assertThatThrownBy(() -> EngineLoop.join(lost))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("store.full");
        assertThat(loop.problem()).get().extracting(Problem::code).isEqualTo("store.full");
        assertThatThrownBy(() -> EngineLoop.join(loop.submit(input("late"))))
                .hasMessageContaining("store.full");
        loop.close();
        assertThat(done).as("nothing that was not stored is done").containsExactly("good");
    }

    @Test
    void givesNoAnswerOnceAnotherEngineHasTakenOver() {
        BrokenStore store = new BrokenStore(new InMemoryStore());
        restart(new ScriptedCore(_ -> ScriptedCore.replying(new Reply.Logged(7))), store);
        loop.submit(input("read")).join();
        store.breakAfter(0, Problem.of("store.fenced", "another engine writes"));

        CompletableFuture<Reply> stale = loop.submit(input("read"));

        assertThatThrownBy(() -> EngineLoop.join(stale)).hasMessageContaining("store.fenced");
        assertThat(loop.problem()).get().extracting(Problem::code).isEqualTo("store.fenced");
    }

    @Test
    void refusesMoreThanItsQueueHolds() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedCore core =
                new ScriptedCore(input -> {
                    awaitUninterruptibly(go);
                    return ScriptedCore.stored(ScriptedCore.name(input));
                });
        loop.close();
        loop =
                new EngineLoop(
                        core,
                        new InMemoryStore(),
                        effects,
                        Clock.systemUTC(),
                        LoopMetrics.NONE,
                        new EngineLoop.Limits(1, 1, 1));
        loop.start();

        CompletableFuture<Reply> stepping = loop.submit(input("stepping"));
        core.next();
        CompletableFuture<Reply> waiting = loop.submit(input("waiting"));
        CompletableFuture<Reply> refused = loop.submit(input("refused"));

        assertThatThrownBy(() -> EngineLoop.join(refused)).hasMessageContaining("server.busy");
        go.countDown();
        EngineLoop.join(stepping);
        EngineLoop.join(waiting);
    }

    @Test
    void ticksWhenTheCoreIsDue() throws Exception {
        ScriptedCore core = ScriptedCore.storing();
        core.wakeAt(Instant.EPOCH);
        restart(core, new InMemoryStore());

        assertThat(core.next()).isInstanceOf(Input.Tick.class);
    }

    @Test
    void readsASettledInputAfterAllBeforeItIsDurable() throws Exception {
        restart(ScriptedCore.storing(), disk.store());
        CompletableFuture<Reply> _ = loop.submit(input("one"));
        HeldStore.Held commit = disk.next();
        CompletableFuture<Boolean> read = new CompletableFuture<>();

        CompletableFuture<Reply> settled =
                loop.submitSettled(() -> {
                    read.complete(commit.durable().isDone());
                    return input("settled");
                });
        assertThat(read).isNotDone();
        disk.complete(commit);

        assertThat(read.get(5, TimeUnit.SECONDS)).isTrue();
        disk.complete(disk.next());
        EngineLoop.join(settled);
    }

    @Test
    void passesOnWhatASettledInputRefuses() {
        CompletableFuture<Reply> settled =
                loop.submitSettled(() -> {
                    throw ProblemException.of("plan.stale", "it moved", null);
                });

        assertThatThrownBy(() -> EngineLoop.join(settled)).hasMessageContaining("plan.stale");
        EngineLoop.join(loop.submit(input("next")));
    }

    @Test
    void turnsARefusalIntoItsProblem() {
        restart(
                new ScriptedCore(_ ->
                        ScriptedCore.replying(
                                new Reply.Refused(Problem.of("job.fenced", "too old")))),
                new InMemoryStore());

        assertThatThrownBy(() -> EngineLoop.join(loop.call(input("x"), Reply.Done.class)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("job.fenced");
    }

    @Test
    void finishesWhatItHasAcceptedWhenItIsClosed() {
        List<CompletableFuture<Reply>> answers = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(loop.submit(input("i" + i)));
        }

        loop.close();

        assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompleted());
        assertThat(done).hasSize(1_000);
        assertThatThrownBy(() -> EngineLoop.join(loop.submit(input("late"))))
                .hasMessageContaining("server.stopping");
    }

    @Test
    void stopsWhereTheCoreItselfFails() {
        restart(
                new ScriptedCore(_ -> {
                    throw new IllegalStateException("a bug");
                }),
                new InMemoryStore());

        assertThatThrownBy(() -> EngineLoop.join(loop.submit(input("x"))))
                .hasMessageContaining("server.internal");
        assertThat(loop.problem()).get().extracting(Problem::code).isEqualTo("server.internal");
    }

    private void restart(SteppedCore core, Store store) {
        loop.close();
        loop = start(core, store);
    }

    private EngineLoop start(SteppedCore core, Store store) {
        return start(core, store, effects);
    }

    private static EngineLoop start(SteppedCore core, Store store, EffectSink effects) {
        EngineLoop started =
                new EngineLoop(
                        core,
                        store,
                        effects,
                        Clock.systemUTC(),
                        LoopMetrics.NONE,
                        EngineLoop.Limits.STANDARD);
        started.start();
        return started;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
