package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineParams;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A core with a store and a clock, and short words for what agents, people and providers say.
final class Rig {
    static final Fingerprinter FINGERPRINTER = new Fingerprinter(bytes -> bytes);
    static final Value.Struct OUTPUTS = Value.of(Map.of("v", Value.of("out")));
    static final Value.Struct INPUTS = Value.of(Map.of("seed", Value.of("1")));

    final InMemoryStore store = new InMemoryStore();
    final List<Effect> effects = new ArrayList<>();
    private final Map<String, CompiledPlan> plans = new HashMap<>();
    private final Map<String, String> boots = new HashMap<>();
    private final EngineParts parts =
            new EngineParts(
                    this::plan,
                    FINGERPRINTER,
                    Rig::problems,
                    new Counting(),
                    EngineSettings.STANDARD);
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private EngineCore core;
    Transition last;
    RunId run = new RunId("r-none");

    Rig(String... machines) {
        List<Change> given = new ArrayList<>();
        for (String name : machines) {
            given.add(new Change.PutMachine(ready(name)));
        }
        given.add(new Change.PutMachine(ready(NodeKey.ENGINE)));
        store.commit(given).join();
        core = EngineCore.load(store, parts, now);
        last = core.recover(now);
        commit();
    }

    private static List<Problem> problems(Task task, Value.Struct outputs) {
        return task.outputs().keySet().equals(outputs.fields().keySet())
                ? List.of()
                : List.of(Problem.of("output.invalid", "not the outputs that are declared"));
    }

    static Machine ready(String name) {
        boolean engine = name.equals(NodeKey.ENGINE);
        return new Machine(
                id(name),
                name,
                Optional.empty(),
                engine ? Optional.empty() : Optional.of("fake"),
                engine ? Optional.empty() : Optional.of("i-" + name),
                Machine.State.READY,
                1,
                Optional.of("10.0.0.1"),
                Value.Struct.EMPTY,
                Optional.of("boot-1"),
                Optional.of(Secrets.hash("credential-of-" + name)),
                Optional.of(Secrets.hash("token-of-m-" + name)),
                Optional.empty(),
                MachineParams.NONE,
                Optional.empty(),
                NetworkBoot.NONE);
    }

    static MachineId id(String name) {
        return new MachineId("m-" + name);
    }

    private CompiledPlan plan(String digest) {
        CompiledPlan plan = plans.get(digest);
        if (plan == null) {
            throw Problem.of("plan.unknown", digest).exception();
        }
        return plan;
    }

    Instant now() {
        return now;
    }

    EngineCore core() {
        return core;
    }

    private void commit() {
        store.commit(last.changes()).join();
        effects.clear();
        effects.addAll(last.effects());
    }

    Reply step(Input input) {
        last = core.step(input, now);
        commit();
        return last.reply();
    }

    /// Drops the core and loads another from what is stored.
    void restart() {
        restartAfter(Duration.ZERO);
    }

    /// @param down how long there is no engine
    void restartAfter(Duration down) {
        now = now.plus(down);
        core = EngineCore.load(store, parts, now);
        last = core.recover(now);
        commit();
    }

    /// A run once more, in a dry engine.
    Replay.Outcome replay(RunId which) {
        return new Replay(store, parts).of(which);
    }

    /// Drops the core: another engine goes on with some shards.
    void engine(MachineId ownMachine, Set<Shard> shards) {
        core = EngineCore.without(parts, ownMachine);
        last = core.adopt(store, shards, now);
        commit();
    }

    /// The engine takes on more shards.
    void adopt(Shard... shards) {
        last = core.adopt(store, Set.of(shards), now);
        commit();
    }

    /// Time passes; all that falls due in it happens when it does.
    void pass(Duration time) {
        Instant end = now.plus(time);
        while (core.nextWake().filter(wake -> !wake.isAfter(end)).isPresent()) {
            Instant wake = core.nextWake().get();
            now = wake.isAfter(now) ? wake : now;
            List<Effect> before = List.copyOf(effects);
            step(new Input.Tick());
            effects.addAll(before);
        }
        now = end;
    }

    // People

    Approval approval(String digest) {
        return new Approval(digest, "ann", now, now.plus(Duration.ofHours(1)), Optional.empty());
    }

    Reply start(CompiledPlan plan) {
        return start("plan-" + (plans.size() + 1), plan);
    }

    Reply start(String digest, CompiledPlan plan) {
        return start(digest, plan, RunRecord.Terms.STANDARD);
    }

    Reply start(CompiledPlan plan, RunRecord.Terms terms) {
        return start("plan-" + (plans.size() + 1), plan, terms);
    }

    private Reply start(String digest, CompiledPlan plan, RunRecord.Terms terms) {
        plans.put(digest, plan);
        Reply reply =
                step(
                        new Input.StartRun(
                                digest,
                                plan,
                                approval(digest),
                                store.results(plan.plan().cluster()),
                                terms,
                                "ann"));
        if (reply instanceof Reply.RunStarted(RunId started)) {
            run = started;
        }
        return reply;
    }

    /// A run that cleans a machine for its pool.
    Reply clean(MachineId machine, CompiledPlan plan) {
        String digest = "plan-" + (plans.size() + 1);
        plans.put(digest, plan);
        Reply reply =
                step(
                        new Input.StartCleaning(
                                machine,
                                new Input.StartRun(
                                        digest,
                                        plan,
                                        approval(digest),
                                        List.of(),
                                        RunRecord.Terms.STANDARD,
                                        "pool metal")));
        if (reply instanceof Reply.RunStarted(RunId started)) {
            run = started;
        }
        return reply;
    }

    Reply retry(NodeKey... nodes) {
        return step(
                new Input.Retry(
                        run,
                        List.of(nodes),
                        Optional.of(StoredRun.read(store, this::plan, run)),
                        "ann"));
    }

    StoredRun stored() {
        return StoredRun.read(store, this::plan, run);
    }

    Reply cancel() {
        return step(new Input.Cancel(run, false, "ann"));
    }

    Reply cancelNow() {
        return step(new Input.Cancel(run, true, "ann"));
    }

    Reply pause(RunId which) {
        return step(new Input.Pause(which, "lunch", "ann"));
    }

    Reply resume(RunId which) {
        return step(new Input.Resume(which, "ann"));
    }

    Reply skip(NodeKey node) {
        return step(
                new Input.Skip(
                        run,
                        node,
                        "not needed",
                        Optional.of(StoredRun.read(store, this::plan, run)),
                        "ann"));
    }

    Reply resolve(NodeKey node, boolean happened) {
        return step(
                new Input.Resolve(
                        run, node, happened, happened ? OUTPUTS : Value.Struct.EMPTY, "ann"));
    }

    Reply approveMore(NodeKey node) {
        return step(new Input.ApproveMore(run, node, "ann"));
    }

    void given(StepResult result) {
        store.commit(List.of(new Change.PutResult(result))).join();
    }

    // Agents

    static Credential credential(String machine) {
        return new Credential(id(machine), Secrets.hash("credential-of-" + machine));
    }

    String boot(String machine) {
        return boots.getOrDefault(machine, "boot-1");
    }

    void reboot(String machine) {
        boots.put(machine, boot(machine) + "+");
    }

    Reply.Polled poll(String machine, JobRecord... running) {
        List<Input.Running> journal =
                Arrays.stream(running)
                        .map(job -> new Input.Running(job.id(), job.token()))
                        .toList();
        return (Reply.Polled)
                step(new Input.Poll(credential(machine), boot(machine), Optional.empty(), journal));
    }

    /// Polls, gets its one job, and says that it starts it.
    JobRecord take(String machine) {
        Reply.Polled polled = poll(machine);
        if (polled.jobs().size() != 1) {
            throw new AssertionError("not one job for " + machine + ": " + polled);
        }
        JobRecord job = polled.jobs().getFirst().job();
        started(machine, job);
        return job;
    }

    Reply started(String machine, JobRecord job) {
        return step(new Input.Started(credential(machine), job.id(), job.token(), job.phase()));
    }

    Reply taint(StepResult result) {
        Optional<RunId> latest =
                store.runs(Optional.of(result.cluster()), 1).stream()
                        .map(RunRecord::id)
                        .findFirst();
        return step(new Input.Taint(result, latest, "ann"));
    }

    Reply report(String machine, JobRecord job, Outcome outcome) {
        boolean outputs = outcome == Outcome.SUCCEEDED || outcome == Outcome.HOLDS;
        return report(machine, job, outcome, outputs ? OUTPUTS : Value.Struct.EMPTY);
    }

    Reply report(String machine, JobRecord job, Outcome outcome, Value.Struct outputs) {
        return step(
                new Input.Reported(
                        credential(machine),
                        job.id(),
                        job.token(),
                        job.phase(),
                        outcome,
                        outputs,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        boot(machine)));
    }

    /// A job from the offer to its report.
    void work(String machine, Outcome outcome) {
        report(machine, take(machine), outcome);
    }

    // What is stored

    NodeRecord node(NodeKey key) {
        return store.nodes(run).stream()
                .filter(node -> node.key().equals(key))
                .findFirst()
                .orElseGet(() -> NodeRecord.blocked(run, key));
    }

    NodeState state(NodeKey key) {
        return node(key).state();
    }

    RunRecord.State runState() {
        return store.run(run).orElseThrow().state();
    }

    Optional<StepResult> result(String cluster, NodeKey key) {
        return store.results(cluster).stream().filter(it -> it.key().equals(key)).findFirst();
    }

    Machine machine(String name) {
        return store.machines().stream()
                .filter(machine -> machine.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static String code(Reply reply) {
        return reply instanceof Reply.Refused(Problem problem) ? problem.code() : reply.toString();
    }

    private static final class Counting implements Identifiers {
        private int next;

        @Override
        public RunId run() {
            return new RunId("r-" + ++next);
        }

        @Override
        public JobId job() {
            return new JobId("j-" + ++next);
        }

        @Override
        public MachineId machine() {
            return new MachineId("m-new-" + ++next);
        }

        @Override
        public String bootToken() {
            return "token-" + ++next;
        }

        @Override
        public String bootToken(MachineId machine) {
            return "token-of-" + machine;
        }
    }
}
