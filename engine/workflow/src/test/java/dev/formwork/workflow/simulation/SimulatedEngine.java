package dev.formwork.workflow.simulation;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.engine.EngineParts;
import dev.formwork.workflow.engine.EngineSettings;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Transition;
import dev.formwork.workflow.engine.WeakenedCore;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The engine around the core, as the server's loop drives it: batches on their way to the store, a
/// few at a time; effects and replies when they are durable; polls that are held back. It begins
/// anew from what is stored when it has crashed, or its store has failed.
final class SimulatedEngine {
    static final Duration LONG_POLL = Duration.ofSeconds(30);

    /// How many batches are on their way to the store at most.
    private static final int DEPTH = 4;

    private sealed interface Request {
        record Step(Input input, Consumer<Reply> answer) implements Request {}

        /// Something that reads the store.
        record Settled(Runnable what) implements Request {}
    }

    private record Done(Transition transition, Consumer<Reply> answer) {}

    /// One object for each poll that is held back.
    private static final class Parked {
        final Consumer<Reply> answer;

        Parked(Consumer<Reply> answer) {
            this.answer = answer;
        }
    }

    private final Simulation simulation;
    private final SimulatedStore store;
    private final SeededBug bug;
    private final EngineParts parts;
    private final Map<MachineId, Parked> parked = new HashMap<>();
    private final Deque<Request> requests = new ArrayDeque<>();

    /// What has been decided, and is not on its way to the store yet.
    private final List<Done> open = new ArrayList<>();

    private int underway;
    private boolean working;
    private boolean settling;
    private Instant downUntil = Instant.MIN;
    private @Nullable EngineCore core;
    private int life;
    private @Nullable Instant tickAt;

    SimulatedEngine(Simulation simulation, Scenario scenario, SimulatedStore store, SeededBug bug) {
        this.simulation = simulation;
        this.store = store;
        this.bug = bug;
        EngineSettings standard = EngineSettings.STANDARD;
        EngineSettings settings =
                new EngineSettings(
                        standard.lease(),
                        standard.bootDeadline(),
                        standard.grace(),
                        standard.reportGrace(),
                        3,
                        20,
                        standard.providerBackoff(),
                        50,
                        standard.logBytes());
        this.parts =
                new EngineParts(
                        digest -> scenario.plan(digest, false),
                        Scenario.FINGERPRINTER,
                        (_, _) -> List.of(),
                        simulation.identifiers(),
                        settings);
        List<Change> given = new ArrayList<>();
        scenario.machines().forEach(machine -> given.add(new Change.PutMachine(machine)));
        scenario.pools().forEach(pool -> given.add(new Change.PutPool(pool)));
        scenario.recorded().forEach(result -> given.add(new Change.PutResult(result)));
        scenario.byDigest()
                .forEach((digest, plan) -> {
                    given.add(new Change.PutPlan(digest, plan.plan(), simulation.now()));
                    given.add(
                            new Change.PutApproval(
                                    new Approval(
                                            digest,
                                            "ann",
                                            simulation.now(),
                                            simulation.now().plus(Duration.ofDays(1)),
                                            Optional.empty())));
                });
        store.contents().commit(given).join();
    }

    EngineParts parts() {
        return parts;
    }

    /// What is stored is gone, but for a backup. Whatever the engine has sent arrives before it is
    /// started anew, in its next epoch.
    void restore(InMemoryStore backup) {
        crash("its store is lost, and restored");
        store.restore(backup);
        downUntil = simulation.now().plus(Duration.ofSeconds(70));
        simulation.after(Duration.ofSeconds(70), this::start);
    }

    void start() {
        if (core != null || simulation.now().isBefore(downUntil)) {
            return;
        }
        simulation.trace(() -> "the engine starts");
        simulation.truth().agreesWithTheOutbox();
        EngineCore started = load(simulation.now());
        core = started;
        Transition recovered = started.recover(simulation.now());
        take(
                bug == SeededBug.FORGOTTEN_EFFECTS
                        ? new Transition(recovered.changes(), List.of(), recovered.reply())
                        : recovered,
                _ -> {});
        commit();
    }

    private EngineCore load(Instant now) {
        InMemoryStore contents = store.contents();
        return switch (bug) {
            case NONE, EFFECTS_BEFORE_COMMIT, COMMIT_BEFORE_OUTBOX, FORGOTTEN_EFFECTS ->
                    EngineCore.load(contents, parts, now);
            case SKIPPED_FENCING -> WeakenedCore.withoutFencing(contents, parts, now);
            case RERUN_OF_WHAT_WAS_LOST ->
                    WeakenedCore.runningAgainWhatWasLost(contents, parts, now);
            case LOST_WAKE_UP -> WeakenedCore.losingWakeUps(contents, parts, now);
            case MUTEX_FOR_ALL -> WeakenedCore.givingAMutexToAll(contents, parts, now);
            case MACHINES_FOR_ALL -> WeakenedCore.givingMachinesToAll(contents, parts, now);
            case REMAINS_LEFT_BEHIND -> WeakenedCore.leavingRemains(contents, parts, now);
            case WAITING_FORGOTTEN -> WeakenedCore.forgettingWhoWaits(contents, parts, now);
            case MACHINE_GIVEN_TWICE -> WeakenedCore.givingMachinesTwice(contents, parts, now);
            case THROWING_CORE -> WeakenedCore.throwing(contents, parts, now);
        };
    }

    /// It dies, or ends since its store fails: for whoever waits that is the same.
    void crash(String why) {
        if (core == null) {
            return;
        }
        simulation.trace(
                () -> "the engine crashes: " + why + "; " + underway + " batches underway");
        core = null;
        life++;
        requests.clear();
        open.clear();
        underway = 0;
        parked.clear();
        tickAt = null;
        store.abandon();
        simulation.after(simulation.between(500, 40_000), this::start);
    }

    /// Something reaches the engine; nobody hears of it where the engine is down.
    void deliver(Input input, Consumer<Reply> answer) {
        if (core == null) {
            return;
        }
        Request.Step step = new Request.Step(input, answer);
        if (settling) {
            step(step);
        } else {
            request(step);
        }
    }

    /// Does something when all that was decided is durable, and decides first on what it asks for:
    /// what it reads from the store is the whole truth.
    void settled(Runnable what) {
        if (core != null) {
            request(new Request.Settled(what));
        }
    }

    private void request(Request request) {
        requests.add(request);
        work();
    }

    private void work() {
        if (working) {
            return;
        }
        working = true;
        while (mayGoOn()) {
            switch (requests.remove()) {
                case Request.Step step -> step(step);
                case Request.Settled(Runnable what) -> {
                    settling = true;
                    what.run();
                    settling = false;
                }
            }
        }
        working = false;
        commit();
    }

    private boolean mayGoOn() {
        return switch (requests.peek()) {
            case null -> false;
            case Request.Step _ -> underway < DEPTH;
            case Request.Settled _ -> underway == 0 && open.isEmpty();
        };
    }

    private void step(Request.Step step) {
        EngineCore running = core;
        if (running == null) {
            return;
        }
        Transition transition = running.step(step.input, simulation.now());
        if (!(step.input instanceof Input.Tick)) {
            simulation.trace(() -> "in  " + step.input + " -> " + transition.reply());
        }
        take(transition, step.answer);
    }

    private void take(Transition transition, Consumer<Reply> answer) {
        Done done = new Done(transition, answer);
        open.add(done);
        if (bug == SeededBug.EFFECTS_BEFORE_COMMIT) {
            release(List.of(done));
        }
        planTick();
    }

    private void commit() {
        if (open.isEmpty()) {
            return;
        }
        List<Done> batch = List.copyOf(open);
        open.clear();
        underway++;
        if (underway == 1 && batch.stream().allMatch(it -> it.transition.changes().isEmpty())) {
            // There is nothing that it could wait for.
            stored(batch);
        } else if (bug == SeededBug.COMMIT_BEFORE_OUTBOX) {
            Predicate<Change> told = Change.AppendEvent.class::isInstance;
            store.commit(
                    changes(batch, told.negate()),
                    () -> store.commit(changes(batch, told), () -> stored(batch)));
        } else {
            store.commit(
                    batch.stream().map(done -> done.transition.changes()).toList(),
                    () -> stored(batch));
        }
    }

    /// Somebody asks of each node why it is where it is.
    void explain() {
        EngineCore running = core;
        if (running != null && simulation.explained()) {
            Explained.gaps(running, simulation.store().contents()).forEach(simulation::violated);
        }
    }

    private static List<List<Change>> changes(List<Done> batch, Predicate<Change> which) {
        return batch.stream()
                .map(done -> done.transition.changes().stream().filter(which).toList())
                .toList();
    }

    private void stored(List<Done> batch) {
        underway--;
        if (bug != SeededBug.EFFECTS_BEFORE_COMMIT) {
            release(batch);
        }
        EngineCore running = core;
        if (running != null && underway == 0 && open.isEmpty()) {
            simulation.truth().servesThePools(running.poolWaits("metal"));
        }
        work();
    }

    private void release(List<Done> batch) {
        batch.forEach(done -> done.answer.accept(done.transition.reply()));
        batch.forEach(done -> done.transition.effects().forEach(this::perform));
    }

    private void perform(Effect effect) {
        simulation.trace(() -> "out " + effect);
        switch (effect) {
            case Effect.CreateInstance create -> simulation.provider().create(create);
            case Effect.RemoveInstance remove -> simulation.provider().remove(remove);
            case Effect.SwitchPower power -> simulation.provider().power(power);
            case Effect.RestartAgent restart -> simulation.provider().restart(restart.machine());
            case Effect.WakeAgent(var machine) -> {
                Parked poll = parked.remove(machine);
                if (poll != null) {
                    deliver(
                            new Input.Repoll(machine),
                            reply -> answer(machine, reply, poll.answer));
                }
            }
            case Effect.RunEnded _, Effect.CleanMachine _ -> {}
        }
    }

    /// Answers a poll, or holds it back.
    void answer(MachineId machine, Reply reply, Consumer<Reply> answer) {
        if (!(reply instanceof Reply.Polled polled) || !polled.hold()) {
            answer.accept(reply);
            return;
        }
        Parked poll = new Parked(answer);
        parked.put(machine, poll);
        simulation.after(
                LONG_POLL,
                () -> {
                    if (parked.remove(machine, poll)) {
                        if (simulation.random().nextBoolean()) {
                            deliver(new Input.Repoll(machine), answer);
                        } else {
                            answer.accept(new Reply.Polled(List.of(), List.of(), true));
                        }
                    }
                });
    }

    private void planTick() {
        EngineCore running = core;
        if (running == null) {
            return;
        }
        Optional<Instant> next = running.nextWake();
        if (next.isEmpty() || (tickAt != null && !next.get().isBefore(tickAt))) {
            return;
        }
        Instant due = next.get().isBefore(simulation.now()) ? simulation.now() : next.get();
        tickAt = due;
        int mine = life;
        simulation.after(
                Duration.between(simulation.now(), due),
                () -> {
                    if (life == mine && due.equals(tickAt)) {
                        tickAt = null;
                        deliver(new Input.Tick(), _ -> {});
                    }
                });
    }

    static boolean refused(Reply reply, String code) {
        return reply instanceof Reply.Refused(var problem) && problem.code().equals(code);
    }
}
