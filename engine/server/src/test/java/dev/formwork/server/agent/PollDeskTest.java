package dev.formwork.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.loop.LoopMetrics;
import dev.formwork.server.loop.ScriptedCore;
import dev.formwork.workflow.engine.Credential;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.store.InMemoryStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

class PollDeskTest {
    private static final MachineId MACHINE = new MachineId("m-1");
    private static final Credential AGENT = new Credential(MACHINE, "hash");
    private static final Credential STRANGER = new Credential(MACHINE, "another hash");
    private static final Reply REFUSED =
            new Reply.Refused(Problem.of("agent.unauthorized", "not its credential"));
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Reply.Polled HOLD = new Reply.Polled(List.of(), List.of(), true);
    private static final Reply.Polled CANCEL =
            new Reply.Polled(
                    List.of(),
                    List.of(new Reply.CancelOrder(new JobId("j-1"), 1, Duration.ofSeconds(1))),
                    false);

    private final Map<Class<?>, Reply> replies =
            new ConcurrentHashMap<>(Map.of(Input.Poll.class, HOLD, Input.Repoll.class, HOLD));
    private final ScriptedCore core =
            new ScriptedCore(input ->
                    ScriptedCore.replying(
                            input instanceof Input.Poll poll && poll.agent().equals(STRANGER)
                                    ? REFUSED
                                    : Objects.requireNonNull(replies.get(input.getClass()))));
    private final EngineLoop loop =
            new EngineLoop(
                    core,
                    new InMemoryStore(),
                    _ -> {},
                    Clock.systemUTC(),
                    LoopMetrics.NONE,
                    EngineLoop.Limits.STANDARD);
    private final PollDesk desk = new PollDesk(loop, _ -> false);

    PollDeskTest() {
        loop.start();
    }

    @AfterEach
    void close() {
        desk.close();
        loop.close();
    }

    @Test
    void answersAtOnceWhereThereIsSomething() throws Exception {
        replies.put(Input.Poll.class, CANCEL);

        assertThat(poll(LONG).get(5, TimeUnit.SECONDS)).isEqualTo(CANCEL);
        assertThat(desk.size()).isZero();
    }

    @Test
    void holdsAPollUntilItsMachineIsWoken() throws Exception {
        CompletableFuture<Reply.Polled> poll = poll(LONG);
        core.next();
        replies.put(Input.Repoll.class, CANCEL);

        desk.wake(MACHINE);

        assertThat(poll.get(5, TimeUnit.SECONDS)).isEqualTo(CANCEL);
        assertThat(core.next()).isEqualTo(new Input.Repoll(MACHINE));
    }

    @Test
    void losesNoWakeUpThatComesBeforeThePollIsHeld() throws Exception {
        replies.put(Input.Repoll.class, CANCEL);

        CompletableFuture<Reply.Polled> poll = poll(LONG);
        desk.wake(MACHINE); // Whether or not the core has answered by now.

        assertThat(poll.get(5, TimeUnit.SECONDS)).isEqualTo(CANCEL);
    }

    @Test
    void holdsOnWhereAWakeUpBringsNothing() throws Exception {
        CompletableFuture<Reply.Polled> poll = poll(LONG);
        core.next();
        desk.wake(MACHINE);
        core.next();

        assertThat(poll).isNotDone();
        replies.put(Input.Repoll.class, CANCEL);
        desk.wake(MACHINE);
        assertThat(poll.get(5, TimeUnit.SECONDS)).isEqualTo(CANCEL);
    }

    @Test
    void answersWithNothingWhenTheTimeIsUp() throws Exception {
        Reply.Polled reply = poll(Duration.ofMillis(1)).get(5, TimeUnit.SECONDS);

        assertThat(reply.jobs()).isEmpty();
        assertThat(reply.cancel()).isEmpty();
    }

    @Test
    void sendsAMachinesEarlierPollHome() throws Exception {
        CompletableFuture<Reply.Polled> earlier = poll(LONG);
        core.next();
        CompletableFuture<Reply.Polled> later = poll(LONG);

        assertThat(earlier.get(5, TimeUnit.SECONDS).jobs()).isEmpty();
        assertThat(later).isNotDone();
    }

    @Test
    void doesNotLetAStrangerSendAPollHome() throws Exception {
        CompletableFuture<Reply.Polled> rightful = poll(LONG);
        core.next();

        CompletableFuture<Reply.Polled> stranger =
                desk.poll(STRANGER, "boot-1", Optional.empty(), List.of(), LONG);

        assertThatThrownBy(() -> stranger.get(5, TimeUnit.SECONDS))
                .hasMessageContaining("agent.unauthorized");
        assertThat(rightful).isNotDone();
    }

    @Test
    void sendsEverybodyHomeWhenItCloses() throws Exception {
        CompletableFuture<Reply.Polled> poll = poll(LONG);
        core.next();

        desk.close();

        assertThat(poll.get(5, TimeUnit.SECONDS).jobs()).isEmpty();
    }

    private CompletableFuture<Reply.Polled> poll(Duration wait) {
        return desk.poll(AGENT, "boot-1", Optional.empty(), List.of(), wait);
    }
}
