package dev.formwork.workflow.simulation;

import dev.formwork.model.RunId;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.engine.FakePlan;
import dev.formwork.workflow.engine.PoolWait;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.pool.Standing;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What really happened on the machines, and the rules it is held to.
final class Truth {
    private final Simulation simulation;
    private final Map<String, Integer> happened = new HashMap<>();
    private final Map<String, Integer> failing;
    private final Map<String, Integer> notYet;

    /// What is in place: by node, with which inputs.
    private final Map<String, Value.Struct> inPlace = new HashMap<>();

    Truth(Simulation simulation, Scenario scenario) {
        this.simulation = simulation;
        this.failing = new HashMap<>(scenario.failing());
        this.notYet = new HashMap<>(scenario.notYet());
        scenario.inPlace().forEach(result -> inPlace.put(result.key().toString(), result.inputs()));
    }

    /// Whether the step's check would hold.
    boolean holds(JobRecord job) {
        return job.inputs().equals(inPlace.get(job.key().toString()));
    }

    boolean fails(JobRecord job) {
        String key = job.key().toString();
        int left = failing.getOrDefault(key, 0);
        failing.put(key, Math.max(0, left - 1));
        return left > 0;
    }

    /// Whether a run ends well, and not yet as the step wants it.
    boolean isNotYet(JobRecord job) {
        String key = job.key().toString();
        int left = notYet.getOrDefault(key, 0);
        notYet.put(key, Math.max(0, left - 1));
        return left > 0;
    }

    boolean didHappen(NodeKey key) {
        return happened.containsKey(key.toString());
    }

    Optional<Value.Struct> inputs(NodeKey key) {
        return Optional.ofNullable(inPlace.get(key.toString()));
    }

    /// A script begins: everything before it must have ended, durably.
    void begins(JobRecord job) {
        if (isOutdated(job)) {
            return;
        }
        Map<NodeKey, NodeState> states = states(job.run());
        PlannedNode planned = planned(job);
        for (NodeKey before : planned.after()) {
            NodeState state = states.get(before);
            if (state == null || !state.endedWell()) {
                simulation.violated(job.key() + " began while " + before + " was " + state);
            }
        }
        turns(job, states);
        if (node(job).iteration() >= Scenario.MOST_RUNS) {
            simulation.violated(job.key() + " runs more often than `until` lets it");
        }
        if (store().job(job.id()).isEmpty()) {
            simulation.violated(job.key() + " began, and its job is not recorded");
        }
    }

    /// An engine gave it out that has lost its store since.
    private boolean isOutdated(JobRecord job) {
        return job.token() < simulation.store().epoch().floor();
    }

    /// Of the steps that take turns only so many run, and none before all canaries have ended well.
    private void turns(JobRecord job, Map<NodeKey, NodeState> states) {
        List<PlannedNode> turns =
                simulation.scenario().plan(job.cluster(), true).plan().nodes().stream()
                        .filter(node -> node.turn().isPresent())
                        .filter(node -> node.turn().get().step().equals(job.key().path()))
                        .toList();
        if (turns.isEmpty()) {
            return;
        }
        long running =
                turns.stream()
                        .map(node -> states.get(node.turn().orElseThrow().end()))
                        .filter(state ->
                                state != null && state != NodeState.BLOCKED && !state.ended())
                        .count();
        if (running > turns.getFirst().turn().orElseThrow().maxParallel()) {
            simulation.violated(running + " machines do " + job.key().path() + " at a time");
        }
        turns.stream()
                .filter(node -> node.turn().orElseThrow().end().equals(job.key()))
                .flatMap(node -> node.after().stream())
                .flatMap(canary -> planned(job, canary).after().stream())
                .filter(canary -> !endedWell(states.get(canary)))
                .forEach(canary ->
                        simulation.violated(job.key() + " began before its canary " + canary));
    }

    private static boolean endedWell(@Nullable NodeState state) {
        return state != null && state.endedWell();
    }

    boolean isParallel(JobRecord job) {
        return job.mode() != JobRecord.Mode.UNDO
                && simulation.scenario().plan(job.cluster(), true).step(job.key()).parallel();
    }

    private Optional<Mutex> mutex(JobRecord job) {
        return job.mode() == JobRecord.Mode.UNDO
                ? Optional.empty()
                : simulation.scenario().plan(job.cluster(), true).step(job.key()).mutex();
    }

    /// A script runs from now on: no more of those with the same mutex than each of them allows.
    void sharesItsMutex(JobRecord job) {
        Optional<Mutex> mutex = mutex(job);
        if (mutex.isEmpty()) {
            return;
        }
        List<JobRecord> holders =
                simulation
                        .provider()
                        .processes()
                        .filter(other -> !isOutdated(other))
                        .filter(other ->
                                mutex(other)
                                        .filter(it -> it.name().equals(mutex.get().name()))
                                        .isPresent())
                        .toList();
        int most = holders.stream().mapToInt(it -> mutex(it).orElseThrow().max()).min().orElse(0);
        if (holders.size() > most) {
            simulation.violated(
                    holders.stream().map(JobRecord::key).toList()
                            + " have the mutex "
                            + mutex.get().name()
                            + " at a time");
        }
    }

    /// What is about to be stored: a run that is paused gets no new job.
    void stores(Change change) {
        if (change instanceof Change.PutJob(JobRecord job)
                && store().job(job.id()).isEmpty()
                && store().run(job.run()).orElseThrow().state() == RunRecord.State.PAUSED) {
            simulation.violated(job.key() + " gets a job, and its run is paused");
        }
    }

    /// What is stored: no two runs hold one machine.
    void stored() {
        Map<String, RunId> holders = new HashMap<>();
        for (RunRecord run : store().openRuns()) {
            if (run.holding()) {
                for (String machine : changed(run)) {
                    RunId other = holders.putIfAbsent(machine, run.id());
                    if (other != null) {
                        simulation.violated(other + " and " + run.id() + " hold " + machine);
                    }
                }
            }
        }
    }

    /// Nobody waits for a machine of the pool while one is free that would do, and no machine has
    /// two owners.
    void servesThePools(List<PoolWait> waits) {
        for (PoolWait wait : waits) {
            if (store().run(wait.run()).orElseThrow().state() == RunRecord.State.RUNNING) {
                store().machines().stream()
                        .filter(machine -> simulation.scenario().pools().getFirst().has(machine))
                        .filter(machine ->
                                Standing.isFreeFor(wait.cluster(), machine, simulation.now()))
                        .filter(machine -> !isJustOver(machine))
                        .forEach(machine ->
                                simulation.violated(
                                        wait.member()
                                                + " waits, and "
                                                + machine.name()
                                                + " is free"));
            }
        }
        for (JobRecord job : store().openJobs()) {
            store().machine(job.machine())
                    .filter(machine -> machine.pooled().isPresent())
                    .filter(machine ->
                            !machine.placement()
                                    .map(at -> at.cluster().equals(job.cluster()))
                                    .orElse(false))
                    .ifPresent(machine ->
                            simulation.violated(
                                    job.key()
                                            + " has a job on "
                                            + machine.name()
                                            + ", not its own"));
        }
    }

    /// Time passes before the engine looks.
    private static boolean isJustOver(Machine machine) {
        return machine.pooled().flatMap(Pooled::reserved).isPresent();
    }

    /// At the end: whatever was given back is free, unless somebody has to look after it, and each
    /// member has one machine.
    void poolsAreSettled() {
        Map<Machine.Placement, Machine> holders = new HashMap<>();
        for (Machine machine : store().machines()) {
            Optional<Machine> other = machine.placement().map(at -> holders.put(at, machine));
            other.ifPresent(it ->
                    simulation.violated(it.id() + " and " + machine.id() + " are one member"));
            machine.pooled()
                    .map(Pooled::phase)
                    .filter(phase ->
                            (phase == Pooled.Phase.TAKEN) != machine.placement().isPresent())
                    .ifPresent(phase -> simulation.violated(machine.name() + " is " + phase));
        }
    }

    private Set<String> changed(RunRecord run) {
        return simulation.scenario().plan(run.planDigest(), false).plan().nodes().stream()
                .filter(node -> node.action() != Action.GATE && node.action() != Action.BOOT)
                .filter(node -> !node.isRollback())
                .filter(node ->
                        node.decision() == Decision.WILL_RUN || node.decision() == Decision.MAY_RUN)
                .flatMap(node -> node.key().machine().stream())
                .filter(machine -> !machine.equals(NodeKey.ENGINE))
                .collect(Collectors.toSet());
    }

    /// What is stored and what was told of it are of the same transactions: of everything that has
    /// a state, the last that was told is that it has this state.
    void agreesWithTheOutbox() {
        Map<List<String>, Value> told = new HashMap<>();
        for (Event event : store().events(0, Integer.MAX_VALUE)) {
            Value state = event.data().fields().get("state");
            if (event.run().isPresent() && state != null) {
                String kind = event.type().substring(0, event.type().indexOf('.'));
                told.put(List.of(kind, event.run().get().value(), event.subject()), state);
            }
        }
        for (RunRecord run : store().runs(Optional.empty(), Scenario.MOST_PLANS)) {
            agrees(told, "run", run.id(), run.cluster(), run.state());
            store().nodes(run.id())
                    .forEach(it -> agrees(told, "node", run.id(), it.key().toString(), it.state()));
            store().jobs(run.id())
                    .forEach(it -> agrees(told, "job", run.id(), it.id().value(), it.state()));
        }
    }

    private void agrees(
            Map<List<String>, Value> told, String kind, RunId run, String subject, Enum<?> state) {
        Value last = told.get(List.of(kind, run.value(), subject));
        if (!Value.of(state.name().toLowerCase(Locale.ROOT)).equals(last)) {
            simulation.violated(
                    kind + " " + subject + " is " + state + ", and what was told of it is " + last);
        }
    }

    /// A script takes effect.
    void happens(JobRecord job) {
        if (planned(job).isRollback()) {
            inPlace.remove(planned(job).undone().toString());
            return;
        }
        String key = job.key().toString();
        int times = happened.merge(key, 1, Integer::sum);
        inPlace.put(key, job.inputs());
        boolean once = planned(job).action() == Action.STEP && once(job);
        if (once && times > 1) {
            simulation.violated(key + " must not happen twice, and did");
        }
    }

    /// Undone since, or put back by a retry of the run, before the acknowledgement came.
    private boolean mayBeTakenBack(JobRecord job) {
        if (planned(job).action() != Action.STEP) {
            return planned(job).isRollback();
        }
        FakePlan plan = simulation.scenario().plan(job.cluster(), true);
        return plan.step(job.key()).handles() || isUndone(plan, job.key());
    }

    /// Whether a failure may undo a step.
    private static boolean isUndone(FakePlan plan, NodeKey step) {
        return plan.plan().nodes().stream()
                .anyMatch(node -> node.isRollback() && node.undone().equals(step));
    }

    private boolean once(JobRecord job) {
        FakePlan plan = simulation.scenario().plan(job.cluster(), true);
        return plan.step(job.key()).task().repeat() == Repeat.AT_MOST_ONCE;
    }

    /// The engine has acknowledged a report: it must not forget it.
    void acknowledged(JobRecord job, boolean success, int phase) {
        if (isOutdated(job)) {
            return;
        }
        Optional<JobRecord> stored = store().job(job.id());
        boolean taken =
                stored.isPresent()
                        && (stored.get().state() == JobRecord.State.CLOSED
                                || stored.get().phase() > phase);
        if (!taken) {
            simulation.violated("the report of " + job.key() + " was acknowledged and forgotten");
        }
        String log = new String(store().log(job.id(), 0, 1000), StandardCharsets.UTF_8);
        if (!log.equals(SimulatedAgent.log(job))) {
            simulation.violated("the log of " + job.key() + " is `" + log + "`");
        }
        if (mayBeTakenBack(job)) {
            return;
        }
        NodeRecord node = node(job);
        if (success && !node.state().endedWell()) {
            simulation.violated(
                    "the success of " + job.key() + " was acknowledged, and it is " + node.state());
        }
        if (success && !node.job().equals(Optional.of(job.id()))) {
            simulation.violated(
                    "the success of an attempt at "
                            + job.key()
                            + " that was given up counted as that of the next");
        }
    }

    /// At the end: what succeeded did happen.
    void settled(RunId run, FakePlan plan) {
        Map<NodeKey, NodeState> states = states(run);
        for (PlannedNode node : plan.plan().nodes()) {
            // Of an undo that came after the backup a restored engine knows nothing.
            boolean forgotten = simulation.restored() && isUndone(plan, node.key());
            if (node.action() == Action.STEP
                    && !forgotten
                    && states.get(node.key()) == NodeState.SUCCEEDED
                    && !inPlace.containsKey(node.key().toString())) {
                simulation.violated(node.key() + " succeeded and never happened");
            }
        }
    }

    private NodeRecord node(JobRecord job) {
        return store().nodes(job.run()).stream()
                .filter(node -> node.key().equals(job.key()))
                .findFirst()
                .orElseThrow();
    }

    private Map<NodeKey, NodeState> states(RunId run) {
        return store().nodes(run).stream()
                .collect(Collectors.toMap(NodeRecord::key, NodeRecord::state));
    }

    private PlannedNode planned(JobRecord job) {
        return planned(job, job.key());
    }

    private PlannedNode planned(JobRecord job, NodeKey key) {
        return simulation.scenario().plan(job.cluster(), true).plan().nodes().stream()
                .filter(node -> node.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private Store store() {
        return simulation.store().contents();
    }
}
