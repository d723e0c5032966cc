package dev.formwork.server.agent;

import dev.formwork.model.MachineId;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.engine.Credential;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Holds the agents' polls until there is something for them: a future each, no thread. A poll is
/// entered before the core is asked, so that a wake-up in between is not lost; a machine's later
/// poll sends its earlier one home. Thread-safe.
public final class PollDesk {
    private static final Reply.Polled NOTHING = new Reply.Polled(List.of(), List.of(), false);

    private final EngineLoop loop;
    private final Predicate<MachineId> more;
    private final Map<MachineId, Set<Held>> held = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// @param more whether there is something for a machine's agent that the core knows nothing of
    public PollDesk(EngineLoop loop, Predicate<MachineId> more) {
        this.more = more;
        this.loop = loop;
    }

    /// @param wait how long it may be held
    /// @throws dev.formwork.model.ProblemException (by the future) `agent.unauthorized`, and what
    ///   keeps the engine from answering
    CompletableFuture<Reply.Polled> poll(
            Credential agent,
            String bootId,
            Optional<Input.PollNumber> number,
            List<Input.Running> running,
            Duration wait) {
        Held poll = new Held(agent.machine(), System.nanoTime() + wait.toNanos());
        enter(poll);
        CompletableFuture<Reply.Polled> _ =
                loop.call(new Input.Poll(agent, bootId, number, running), Reply.Polled.class)
                        .whenComplete((reply, failure) -> {
                            if (failure == null && reply.hold()) {
                                sendHomeOthers(poll);
                            }
                            go(poll, reply, failure);
                        });
        return poll.answer;
    }

    /// There may be something for the machine's agent.
    public void wake(MachineId machine) {
        held.getOrDefault(machine, Set.of()).forEach(Held::wake);
    }

    /// How many polls are held.
    public int size() {
        return held.size();
    }

    /// Sends every poll home.
    public void close() {
        closed = true;
        sendAllHome();
    }

    /// Sends every poll home that is held now: its machine may be another engine's from now on.
    public void sendAllHome() {
        held.values().forEach(polls -> polls.forEach(poll -> finish(poll, NOTHING)));
    }

    private void go(Held poll, Reply.Polled reply, Throwable failure) {
        if (failure != null) {
            leave(poll);
            poll.answer.completeExceptionally(failure);
        } else if (!reply.hold() || more.test(poll.machine)) {
            finish(poll, reply);
        } else {
            hold(poll);
        }
    }

    private void hold(Held poll) {
        long left = poll.deadline - System.nanoTime();
        if (left <= 0 || closed || poll.answer.isDone()) {
            finish(poll, NOTHING);
            return;
        }
        CompletableFuture<Void> _ =
                poll.woken()
                        .completeOnTimeout(false, left, TimeUnit.NANOSECONDS)
                        .thenAccept(woken -> {
                            if (woken) {
                                askAgain(poll);
                            } else {
                                finish(poll, NOTHING);
                            }
                        });
    }

    private void askAgain(Held poll) {
        poll.rest();
        CompletableFuture<Reply.Polled> _ =
                loop.call(new Input.Repoll(poll.machine), Reply.Polled.class)
                        .whenComplete((reply, failure) -> go(poll, reply, failure));
    }

    private void finish(Held poll, Reply.Polled reply) {
        leave(poll);
        poll.answer.complete(reply);
    }

    private void enter(Held poll) {
        held.compute(
                poll.machine,
                (_, polls) -> {
                    Set<Held> next = new LinkedHashSet<>(polls == null ? Set.of() : polls);
                    next.add(poll);
                    return next;
                });
    }

    private void leave(Held poll) {
        held.computeIfPresent(
                poll.machine,
                (_, polls) -> {
                    Set<Held> next = new LinkedHashSet<>(polls);
                    next.remove(poll);
                    return next.isEmpty() ? null : next;
                });
    }

    /// Those that the machine's agent made before this one: it no longer waits for them.
    private void sendHomeOthers(Held poll) {
        for (Held other : held.getOrDefault(poll.machine, Set.of())) {
            if (other == poll) {
                return;
            }
            finish(other, NOTHING);
        }
    }

    private static final class Held {
        private final MachineId machine;
        private final long deadline;
        private final CompletableFuture<Reply.Polled> answer = new CompletableFuture<>();
        private CompletableFuture<Boolean> woken = new CompletableFuture<>();

        Held(MachineId machine, long deadline) {
            this.machine = machine;
            this.deadline = deadline;
        }

        synchronized CompletableFuture<Boolean> woken() {
            return woken;
        }

        /// From now on a new wake-up counts: called before the core is asked again.
        synchronized void rest() {
            woken = new CompletableFuture<>();
        }

        void wake() {
            woken().complete(true);
        }
    }
}
