package dev.formwork.server.loop;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Transition;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/// Owns the core. One thread (`engine-core`) takes requests off a bounded queue, many at a time,
/// steps the core with each and hands what changed to the store; while the store writes, it goes on
/// with the next, a few batches deep. Another (`engine-delivery`) waits for each batch, in order,
/// to be durable, and only then does its effects and completes its callers.
///
/// When a commit fails, memory is ahead of what is stored: the loop ends, everyone who waits is
/// failed with the store's problem, as is everyone who comes later ([#problem] says why). Nothing
/// that was not stored has been answered or done.
///
/// Thread-safe. Callers' futures are completed on the delivery thread: go on elsewhere
/// (`thenApplyAsync`).
public final class EngineLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /// @param queued how many requests may wait before more are refused with `server.busy`
    /// @param batch how many transitions are stored together at most
    /// @param depth how many batches may be on their way to the disk
    public record Limits(int queued, int batch, int depth) {
        public static final Limits STANDARD = new Limits(65_536, 512, 4);
    }

    private final SteppedCore core;
    private final Store store;
    private final EffectSink effects;
    private final Clock clock;
    private final LoopMetrics metrics;
    private final Limits limits;
    private final BlockingQueue<Request> requests;
    private final BlockingQueue<Batch> pipeline;
    private final AtomicReference<@Nullable Problem> problem = new AtomicReference<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread stepper;
    private final Thread deliverer;

    // Of the core's thread.
    private Instant last = Instant.MIN;
    private CompletableFuture<Void> lastStored = CompletableFuture.completedFuture(null);

    public EngineLoop(
            SteppedCore core,
            Store store,
            EffectSink effects,
            Clock clock,
            LoopMetrics metrics,
            Limits limits) {
        this.core = core;
        this.store = store;
        this.effects = effects;
        this.clock = clock;
        this.metrics = metrics;
        this.limits = limits;
        this.requests = new ArrayBlockingQueue<>(limits.queued());
        this.pipeline = new ArrayBlockingQueue<>(limits.depth());
        this.stepper = Thread.ofPlatform().name("engine-core").daemon().unstarted(this::run);
        this.deliverer =
                Thread.ofPlatform().name("engine-delivery").daemon().unstarted(this::deliverAll);
    }

    /// Recovers what was outstanding, and starts to take requests.
    public void start() {
        deliverer.start();
        stepper.start();
    }

    /// One transition. Completes when it is durable; fails with a [ProblemException] where it is
    /// refused (the reply's own problem), where the engine is busy or stopping, or the store broke.
    public CompletableFuture<Reply> submit(Input input) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        enqueue(new Request.Step(input, answer));
        return answer;
    }

    /// As [#submit], for callers that know which reply they get.
    ///
    /// @throws ProblemException (by the future) what [Reply.Refused] says
    public <T extends Reply> CompletableFuture<T> call(Input input, Class<T> wanted) {
        return submit(input).thenApply(reply -> expect(reply, wanted));
    }

    /// The reply, if it is the one that is wanted.
    ///
    /// @throws ProblemException what [Reply.Refused] says
    public static <T extends Reply> T expect(Reply reply, Class<T> wanted) {
        if (reply instanceof Reply.Refused(Problem refusal)) {
            throw refusal.exception();
        }
        return wanted.cast(reply);
    }

    /// Waits for an answer, on a thread that may be blocked.
    ///
    /// @throws ProblemException what it failed with
    public static <T> T join(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ProblemException known) {
                throw known;
            }
            throw e;
        }
    }

    /// As [#submit], with an input that is made on the core's thread once all transitions before it
    /// are durable: so what it reads from the store is the whole truth. Holds up everything else,
    /// and is for what people do.
    public CompletableFuture<Reply> submitSettled(Supplier<? extends Input> input) {
        return settle(now -> core.step(input.get(), now));
    }

    /// A transition that is made on the core's thread once all transitions before it are durable.
    public CompletableFuture<Reply> settle(Function<Instant, Transition> transition) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        enqueue(new Request.Settled(transition, answer));
        return answer;
    }

    /// Reads the core's state.
    public <T> CompletableFuture<T> ask(Function<SteppedCore, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        enqueue(new Request.Question<>(question, answer));
        return answer;
    }

    /// Why the loop takes nothing any more, if it does not.
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem.get());
    }

    /// How many requests wait.
    public int backlog() {
        return requests.size();
    }

    /// Finishes what was accepted, stores it, and ends both threads.
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            // Wakes the core's thread; where the queue is full, it is awake.
            boolean _ =
                    requests.offer(new Request.Question<>(_ -> true, new CompletableFuture<>()));
            join(stepper);
            join(deliverer);
            failRest(stopping().exception());
        }
    }

    private void enqueue(Request request) {
        Problem broken = problem.get();
        if (broken != null) {
            request.fail(broken.exception());
        } else if (closing.get()) {
            request.fail(stopping().exception());
        } else if (!requests.offer(request)) {
            request.fail(
                    ProblemException.of(
                            "server.busy",
                            limits.queued() + " requests are waiting already",
                            "ask again in a while"));
        } else if (!stepper.isAlive() && stepper.getState() == Thread.State.TERMINATED) {
            // It ended in between: what it did not see is failed here.
            Problem why = problem.get();
            failRest((why == null ? stopping() : why).exception());
        }
    }

    private void run() {
        List<Request> drained = new ArrayList<>(limits.batch());
        try {
            Batch recovered = new Batch();
            take(recovered, core.recover(now()));
            commit(recovered);
            while (problem.get() == null && !(closing.get() && requests.isEmpty())) {
                await(drained);
                stepAll(drained);
                drained.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            broke(stopping());
        } catch (RuntimeException e) {
            LOG.error("the engine's core failed; the engine takes no more work", e);
            broke(Problem.of("server.internal", "the engine's core failed: " + e, "see its log"));
        } finally {
            Throwable why =
                    Optional.ofNullable(problem.get()).orElseGet(EngineLoop::stopping).exception();
            drained.forEach(request -> request.fail(why));
            failRest(why);
        }
    }

    private void await(List<Request> drained) throws InterruptedException {
        if (requests.drainTo(drained, limits.batch()) > 0) {
            return;
        }
        Duration wait =
                core.nextWake()
                        .map(wake -> Duration.between(now(), wake))
                        .filter(until -> until.compareTo(LONGEST_WAIT) < 0)
                        .orElse(LONGEST_WAIT);
        Request first = requests.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        if (first != null) {
            drained.add(first);
            requests.drainTo(drained, limits.batch() - 1);
        }
    }

    private void stepAll(List<Request> drained) throws InterruptedException {
        Batch batch = new Batch();
        Instant now = now();
        int steps = 0;
        if (core.nextWake().filter(wake -> !wake.isAfter(now)).isPresent()) {
            take(batch, core.step(new Input.Tick(), now));
            steps++;
        }
        for (int i = 0; i < drained.size(); i++) {
            steps++;
            switch (drained.get(i)) {
                case Request.Step(Input input, CompletableFuture<Reply> answer) ->
                        step(batch, input, answer, now);
                case Request.Settled(
                                Function<Instant, Transition> transition,
                                CompletableFuture<Reply> answer) -> {
                    commit(batch);
                    batch = new Batch();
                    settled(batch, transition, answer);
                }
                case Request.Question<?> question -> answer(batch, question);
            }
            if (i == drained.size() - 1) {
                // What was asked because of these goes to the disk with them.
                requests.drainTo(drained, limits.batch() - drained.size());
            }
        }
        metrics.stepped(steps);
        commit(batch);
    }

    private void settled(
            Batch batch, Function<Instant, Transition> made, CompletableFuture<Reply> answer) {
        try {
            lastStored.join();
            Transition transition = made.apply(now());
            take(batch, transition);
            batch.answer(answer, transition.reply());
        } catch (CompletionException e) {
            answer.completeExceptionally(e.getCause() == null ? e : e.getCause());
        } catch (ProblemException e) {
            answer.completeExceptionally(e);
        }
    }

    private void step(Batch batch, Input input, CompletableFuture<Reply> answer, Instant now) {
        Transition transition = core.step(input, now);
        take(batch, transition);
        batch.answer(answer, transition.reply());
    }

    private <T> void answer(Batch batch, Request.Question<T> question) {
        try {
            batch.answer(question.answer(), question.ask().apply(core));
        } catch (ProblemException e) {
            question.answer().completeExceptionally(e);
        }
    }

    private void take(Batch batch, Transition transition) {
        batch.add(transition.changes(), transition.effects());
        transition.effects().forEach(effects::foresee);
    }

    /// Hands a batch to the store, and waits only where too many are on their way already.
    private void commit(Batch batch) throws InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        // Also where nothing has changed: the store knows whether another engine has taken over,
        // and
        // then nobody may act on what this one says.
        List<Change> changes = batch.changes();
        long began = System.nanoTime();
        lastStored = store.commit(changes);
        batch.storedBy(
                lastStored.whenComplete((_, failure) -> {
                    if (failure == null && !changes.isEmpty()) {
                        metrics.committed(
                                changes.size(), Duration.ofNanos(System.nanoTime() - began));
                    }
                }));
        pipeline.put(batch);
    }

    private void deliverAll() {
        try {
            while (stepper.getState() != Thread.State.TERMINATED || !pipeline.isEmpty()) {
                Batch batch = pipeline.poll(100, TimeUnit.MILLISECONDS);
                if (batch != null) {
                    deliver(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            broke(stopping());
        }
    }

    private void deliver(Batch batch) {
        Problem broken = problem.get();
        if (broken != null) {
            batch.deliveries().forEach(delivery -> delivery.fail(broken.exception()));
            return;
        }
        try {
            batch.stored().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.error("the store failed; the engine takes no more work", cause);
            Problem why =
                    cause instanceof ProblemException known
                            ? known.problems().getFirst()
                            : Problem.of("store.broken", "the store failed: " + cause);
            broke(why);
            batch.deliveries().forEach(delivery -> delivery.fail(why.exception()));
            return;
        }
        batch.deliveries().forEach(Batch.Delivery::succeed);
        batch.effects()
                .forEach(effect -> {
                    try {
                        effects.perform(effect);
                    } catch (RuntimeException e) {
                        LOG.error("could not start {}; it is asked for again later", effect, e);
                    }
                });
    }

    private void broke(Problem why) {
        problem.compareAndSet(null, why);
    }

    private void failRest(Throwable why) {
        List<Request> rest = new ArrayList<>();
        requests.drainTo(rest);
        rest.forEach(request -> request.fail(why));
    }

    private Instant now() {
        Instant now = clock.instant();
        if (now.isAfter(last)) {
            last = now;
        }
        return last;
    }

    private static Problem stopping() {
        return Problem.of("server.stopping", "the engine is stopping", "ask again once it is back");
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
