package dev.formwork.workflow.simulation;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.engine.EngineParts;
import dev.formwork.workflow.engine.EngineSettings;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Transition;
import dev.formwork.workflow.engine.WeakenedCore;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;
import dev.formwork.workflow.store.Store;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The engine around the core: group commit, effects and replies after it, polls that are held
/// back, and crashes that lose what is not committed.
final class SimulatedEngine {
    static final Duration LONG_POLL = Duration.ofSeconds(30);

    private record Pending(Transition transition, Consumer<Reply> answer) {}

    /// One object for each poll that is held back.
    private static final class Parked {
        final Consumer<Reply> answer;

        Parked(Consumer<Reply> answer) {
            this.answer = answer;
        }
    }

    private final Simulation simulation;
    private final Scenario scenario;
    private final SeededBug bug;
    private final EngineParts parts;
    private InMemoryStore store = new InMemoryStore();
    private Instant downUntil = Instant.MIN;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Map<MachineId, Parked> parked = new HashMap<>();
    private @Nullable EngineCore core;
    private int life;
    private final Set<String> otherEnds = new HashSet<>();
    private boolean flushing;
    private boolean allSucceeded;
    private @Nullable Instant tickAt;

    SimulatedEngine(Simulation simulation, Scenario scenario, SeededBug bug) {
        this.simulation = simulation;
        this.scenario = scenario;
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
        store.commit(given).join();
    }

    Store store() {
        return store;
    }

    EngineParts parts() {
        return parts;
    }

    boolean isUp() {
        return core != null;
    }

    /// As a backup has it.
    InMemoryStore copy() {
        return store.copy();
    }

    /// What is stored is gone, but for a backup. Whatever the engine has sent arrives before it is
    /// started anew, in its next epoch.
    void restore(InMemoryStore backup) {
        simulation.trace(() -> "the store is lost, and restored");
        crash();
        store = backup;
        allSucceeded = false;
        Epoch next = epoch().next();
        store.commit(List.of(new Change.PutSetting(Epoch.SETTING, Long.toString(next.number()))))
                .join();
        downUntil = simulation.now().plus(Duration.ofSeconds(70));
        simulation.after(Duration.ofSeconds(70), this::start);
    }

    Epoch epoch() {
        return Epoch.of(store.setting(Epoch.SETTING));
    }

    void start() {
        if (core != null || simulation.now().isBefore(downUntil)) {
            return;
        }
        simulation.trace(() -> "the engine starts");
        Instant now = simulation.now();
        EngineCore started =
                switch (bug) {
                    case NONE, EFFECTS_BEFORE_COMMIT -> EngineCore.load(store, parts, now);
                    case SKIPPED_FENCING -> WeakenedCore.withoutFencing(store, parts, now);
                    case RERUN_OF_WHAT_WAS_LOST ->
                            WeakenedCore.runningAgainWhatWasLost(store, parts, now);
                    case LOST_WAKE_UP -> WeakenedCore.losingWakeUps(store, parts, now);
                    case MUTEX_FOR_ALL -> WeakenedCore.givingAMutexToAll(store, parts, now);
                    case MACHINES_FOR_ALL -> WeakenedCore.givingMachinesToAll(store, parts, now);
                };
        core = started;
        accept(started.recover(now), _ -> {});
    }

    void crash() {
        if (core == null) {
            return;
        }
        simulation.trace(() -> "the engine crashes, losing " + pending.size() + " transitions");
        core = null;
        life++;
        pending.clear();
        parked.clear();
        flushing = false;
        tickAt = null;
        simulation.after(simulation.between(500, 40_000), this::start);
    }

    /// Something reaches the engine; nobody hears of it where the engine is down.
    void deliver(Input input, Consumer<Reply> answer) {
        EngineCore running = core;
        if (running == null) {
            return;
        }
        Transition transition = running.step(input, simulation.now());
        if (!(input instanceof Input.Tick)) {
            simulation.trace(() -> "in  " + input + " -> " + transition.reply());
        }
        accept(transition, answer);
    }

    private void accept(Transition transition, Consumer<Reply> answer) {
        pending.add(new Pending(transition, answer));
        if (bug == SeededBug.EFFECTS_BEFORE_COMMIT) {
            release(new Pending(transition, answer));
        }
        if (!flushing) {
            flushing = true;
            int mine = life;
            simulation.after(
                    simulation.between(1, 40),
                    () -> {
                        if (life == mine) {
                            flush();
                        }
                    });
        }
        planTick();
    }

    /// Commits all there is with one write to the disk.
    void flush() {
        flushing = false;
        List<Pending> group = new ArrayList<>(pending);
        pending.clear();
        for (Pending each : group) {
            each.transition.changes().forEach(simulation.truth()::stores);
            store.commit(each.transition.changes()).join();
            if (each.transition.changes().stream().anyMatch(Change.PutRun.class::isInstance)) {
                simulation.truth().stored();
                allSucceeded = scenario.plans().stream().allMatch(this::hasSucceeded);
            }
        }
        if (bug != SeededBug.EFFECTS_BEFORE_COMMIT) {
            group.forEach(this::release);
        }
    }

    private void release(Pending done) {
        done.transition.effects().forEach(this::perform);
        done.answer.accept(done.transition.reply());
    }

    private void perform(Effect effect) {
        simulation.trace(() -> "out " + effect);
        switch (effect) {
            case Effect.CreateInstance create -> simulation.provider().create(create);
            case Effect.RemoveInstance remove -> simulation.provider().remove(remove);
            case Effect.RestartAgent restart -> simulation.provider().restart(restart.machine());
            case Effect.WakeAgent(var machine) -> {
                Parked poll = parked.remove(machine);
                if (poll != null) {
                    deliver(
                            new Input.Repoll(machine),
                            reply -> answer(machine, reply, poll.answer));
                }
            }
            case Effect.RunEnded _ -> {}
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

    Optional<RunRecord> run(String planDigest) {
        return store.runs(Optional.empty(), 10).stream()
                .filter(run -> run.planDigest().equals(planDigest))
                .findFirst();
    }

    boolean allSucceeded() {
        return allSucceeded;
    }

    private boolean hasSucceeded(String planDigest) {
        return run(planDigest).filter(run -> run.state() == RunRecord.State.SUCCEEDED).isPresent();
    }

    /// Runs that have not succeeded, and what their nodes say.
    String whatIsOpen() {
        return store.runs(Optional.empty(), 10).stream()
                .filter(run -> run.state() != RunRecord.State.SUCCEEDED)
                .map(run ->
                        run.id()
                                + " "
                                + run.state()
                                + " "
                                + store.nodes(run.id()).stream()
                                        .filter(node -> !node.state().endedWell())
                                        .map(node ->
                                                node.key()
                                                        + " "
                                                        + node.state()
                                                        + " "
                                                        + node.reason())
                                        .toList())
                .collect(Collectors.joining("; "));
    }

    /// By digest, the plans of which a person had something left out, or whose failures were
    /// tolerated: they end as the way there was.
    Set<String> otherEnds() {
        scenario.plans().stream()
                .filter(plan -> !run(plan).map(RunRecord::reason).orElse("").isEmpty())
                .forEach(otherEnds::add);
        return otherEnds;
    }

    /// What people see in the end, without what depends on the way there.
    Map<String, Object> outcome(Set<String> withoutPlans) {
        Map<String, Object> seen = new HashMap<>();
        for (String digest : scenario.plans()) {
            RunRecord run = run(digest).orElseThrow();
            seen.put(digest, run.state());
            if (withoutPlans.contains(digest)) {
                continue;
            }
            store.cluster(run.cluster())
                    .ifPresent(cluster -> seen.put(digest + " outputs", cluster.outputs()));
            store.results(run.cluster())
                    .forEach(result ->
                            seen.put(
                                    "result " + result.key(),
                                    List.of(result.inputs(), result.outputs())));
            for (NodeRecord node : store.nodes(run.id())) {
                if (node.key().path().contains("handle")) {
                    // Whether anything failed on the way depends on the way.
                    continue;
                }
                seen.put("node " + node.key(), node.state() == NodeState.SKIPPED);
            }
        }
        store.machines()
                .forEach(machine ->
                        seen.put(
                                "machine " + machine.name(),
                                machine.placement().map(it -> it.standing()).orElse(false)));
        return seen;
    }

    static boolean refused(Reply reply, String code) {
        return reply instanceof Reply.Refused(var problem) && problem.code().equals(code);
    }

    static ProblemException unexpected(Reply reply) {
        return ProblemException.of("simulation.unexpected", reply.toString(), null);
    }
}
