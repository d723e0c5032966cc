package dev.formwork.workflow.engine;

import dev.formwork.model.Location;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.Header;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.result.Fingerprinter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// A plan put together by hand. Every step has an input `seed`, one input for each step whose
/// output it reads, and one output `v`.
public final class FakePlan implements CompiledPlan {
    private static final Location NOWHERE = new Location("fake", 1, 1);

    private final Plan plan;
    private final Map<NodeKey, FakeStep> steps;
    private final Map<String, LoadedModule> modules = new HashMap<>();

    private FakePlan(Plan plan, Map<NodeKey, FakeStep> steps) {
        this.plan = plan;
        this.steps = steps;
        steps.values().forEach(step -> modules.put(step.lock().digest(), step.module()));
    }

    public static Builder of(String cluster) {
        return new Builder(cluster);
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public StepWork work(NodeKey key) {
        return step(key);
    }

    public FakeStep step(NodeKey key) {
        FakeStep step = steps.get(key);
        if (step == null) {
            throw new IllegalArgumentException("no step " + key);
        }
        return step;
    }

    @Override
    public LoadedModule module(String digest) {
        LoadedModule module = modules.get(digest);
        if (module == null) {
            throw new IllegalArgumentException("no module " + digest);
        }
        return module;
    }

    @Override
    public Value.Struct instance(String machine) {
        return Value.of(Map.of("size", Value.of("small")));
    }

    @Override
    public Value.Struct outputs(World world) {
        TreeMap<String, Value> all = new TreeMap<>();
        for (PlannedNode node : plan.nodes()) {
            if (node.action() == Action.STEP
                    && world.outputs(node.key()) instanceof Outputs.Known(Value.Struct values)) {
                all.put(node.key().toString(), values);
            }
        }
        return Value.of(all);
    }

    @Override
    public String toString() {
        return "the plan of " + plan.cluster();
    }

    /// What a step is, with settings that tests change one by one.
    public static final class FakeStep implements StepWork {
        private final NodeKey key;
        private final Set<NodeKey> reads = new LinkedHashSet<>();
        private final Set<Effect> effects = new LinkedHashSet<>();
        private Repeat repeat = Repeat.IDEMPOTENT;
        private boolean check;
        private boolean undo;
        private boolean secret;
        private Optional<Step.Retry> retry = Optional.empty();
        private Duration timeout = Duration.ofSeconds(60);
        private boolean parallel;
        private Optional<Mutex> mutex = Optional.empty();
        private String seed = "1";
        private Decision decision = Decision.WILL_RUN;
        private Predicate<World> when = _ -> true;
        private Optional<String> incarnation = Optional.empty();
        private Optional<Fingerprint> expected = Optional.empty();
        private Optional<LoadedModule> module = Optional.empty();

        private FakeStep(NodeKey key) {
            this.key = key;
        }

        public FakeStep reads(NodeKey... others) {
            reads.addAll(List.of(others));
            return this;
        }

        public FakeStep repeat(Repeat next) {
            repeat = next;
            check |= next == Repeat.VERIFY_FIRST;
            return this;
        }

        public FakeStep check() {
            check = true;
            return this;
        }

        public FakeStep undo() {
            undo = true;
            return this;
        }

        public FakeStep secretOutput() {
            secret = true;
            return this;
        }

        public FakeStep mayReboot() {
            effects.add(Effect.REBOOT);
            return this;
        }

        public FakeStep erases() {
            effects.add(Effect.ERASE);
            return this;
        }

        public FakeStep retry(int times, Duration delay) {
            retry = Optional.of(new Step.Retry(times, delay));
            return this;
        }

        public FakeStep timeout(Duration next) {
            timeout = next;
            return this;
        }

        public FakeStep parallelToOthers() {
            parallel = true;
            return this;
        }

        public FakeStep mutex(String name, int max) {
            mutex = Optional.of(new Mutex(name, max));
            return this;
        }

        public FakeStep seed(String next) {
            seed = next;
            return this;
        }

        public FakeStep decision(Decision next) {
            decision = next;
            return this;
        }

        public FakeStep when(Predicate<World> next) {
            when = next;
            return this;
        }

        public FakeStep incarnation(String next) {
            incarnation = Optional.of(next);
            return this;
        }

        public FakeStep expected(Fingerprint next) {
            expected = Optional.of(next);
            return this;
        }

        @Override
        public NodeKey key() {
            return key;
        }

        public Set<NodeKey> reads() {
            return reads;
        }

        public boolean reboots() {
            return effects.contains(Effect.REBOOT);
        }

        public boolean hasUndo() {
            return undo;
        }

        public LoadedModule.Lock lock() {
            return new LoadedModule.Lock(name(), "1.0.0", "sha256:" + name());
        }

        private String name() {
            return key.path().replace(':', '-').replace('_', '-').replace('/', '-');
        }

        @Override
        public LoadedModule module() {
            if (module.isEmpty()) {
                Task task =
                        new Task(
                                new Header(name(), "1.0.0", "A fake.", Set.of(), NOWHERE),
                                Map.of(),
                                Map.of(
                                        "v",
                                        new OutputSpec("v", Value.Struct.EMPTY, secret, NOWHERE)),
                                effects,
                                repeat,
                                "shell",
                                new Script.Inline("run"),
                                check ? Optional.of(new Script.Inline("check")) : Optional.empty(),
                                undo ? Optional.of(new Script.Inline("undo")) : Optional.empty(),
                                timeout);
                module = Optional.of(new LoadedModule(task, new FileTree(Map.of()), "code"));
            }
            return module.get();
        }

        @Override
        public boolean event() {
            return false;
        }

        @Override
        public Optional<Step.Retry> retry() {
            return retry;
        }

        @Override
        public Duration timeout() {
            return timeout;
        }

        @Override
        public Resolution<Boolean> when(World world) {
            return new Resolution.Known<>(when.test(world));
        }

        @Override
        public boolean parallel() {
            return parallel;
        }

        @Override
        public Resolution<Optional<Mutex>> mutex(World world) {
            return new Resolution.Known<>(mutex);
        }

        public Optional<Mutex> mutex() {
            return mutex;
        }

        @Override
        public Resolution<Value.Struct> inputs(World world) {
            TreeSet<NodeKey> unknown = new TreeSet<>();
            Map<String, Value> inputs = new LinkedHashMap<>();
            inputs.put("seed", Value.of(seed));
            int number = 0;
            for (NodeKey read : reads) {
                String name = "from" + number++;
                switch (world.outputs(read)) {
                    case Outputs.Known(Value.Struct(var fields)) ->
                            inputs.put(name, fields.getOrDefault("v", Value.nil()));
                    case Outputs.Skipped _, Outputs.Missing _ -> inputs.put(name, Value.nil());
                    case Outputs.Unknown _ -> unknown.add(read);
                }
            }
            return unknown.isEmpty()
                    ? new Resolution.Known<>(Value.of(inputs))
                    : new Resolution.Unknown<>(unknown);
        }

        @Override
        public Value.Struct knownInputs(World world) {
            return Value.Struct.EMPTY;
        }

        /// The result it would have had on a machine, with these inputs.
        public StepResult result(
                String cluster,
                Fingerprinter fingerprinter,
                String onIncarnation,
                Value.Struct inputs,
                Value.Struct outputs,
                RunId run) {
            return new StepResult(
                    cluster,
                    key,
                    onIncarnation,
                    fingerprinter.of(module(), inputs),
                    lock(),
                    inputs,
                    outputs,
                    new TreeSet<>(),
                    false,
                    false,
                    run);
        }
    }

    /// Collects nodes; the order in which they are added is the plan's.
    public static final class Builder {
        private final String cluster;
        private final List<Member> members = new ArrayList<>();
        private final Map<NodeKey, FakeStep> steps = new LinkedHashMap<>();
        private final Map<NodeKey, Action> actions = new LinkedHashMap<>();
        private final Map<NodeKey, TreeSet<NodeKey>> after = new HashMap<>();
        private final Map<NodeKey, TreeSet<NodeKey>> settled = new HashMap<>();
        private final TreeSet<NodeKey> forget = new TreeSet<>();
        private Plan.Kind kind = Plan.Kind.APPLY;

        private Builder(String cluster) {
            this.cluster = cluster;
        }

        public Builder kind(Plan.Kind next) {
            kind = next;
            return this;
        }

        public Builder member(String name, Member.Role role, Optional<MachineId> machine) {
            members.add(
                    new Member(
                            "g", members.size(), name, role, machine, false, Optional.of("fake")));
            return this;
        }

        public Builder forget(NodeKey key) {
            forget.add(key);
            return this;
        }

        public FakeStep step(String path, String machine) {
            NodeKey key = NodeKey.of(path, machine);
            FakeStep step = new FakeStep(key);
            steps.put(key, step);
            actions.put(key, Action.STEP);
            return step;
        }

        public NodeKey node(Action action, String path, String machine) {
            NodeKey key = NodeKey.of(path, machine);
            actions.put(key, action);
            return key;
        }

        public NodeKey gate(String path) {
            NodeKey key = new NodeKey(path, Optional.empty(), Optional.empty());
            actions.put(key, Action.GATE);
            return key;
        }

        /// A step that ran in an earlier plan: its UNDO node.
        public NodeKey undo(FakeStep step) {
            actions.remove(step.key());
            return node(
                    Action.UNDO, "undo:" + step.key().path(), step.key().machine().orElseThrow());
        }

        public Builder after(NodeKey node, NodeKey... before) {
            after.computeIfAbsent(node, _ -> new TreeSet<>()).addAll(List.of(before));
            return this;
        }

        public Builder afterSettled(NodeKey node, NodeKey... before) {
            settled.computeIfAbsent(node, _ -> new TreeSet<>()).addAll(List.of(before));
            return this;
        }

        public FakePlan build() {
            List<PlannedNode> nodes = new ArrayList<>();
            actions.forEach((key, action) -> {
                FakeStep step = action == Action.STEP ? steps.get(key) : null;
                TreeSet<NodeKey> before = new TreeSet<>(after.getOrDefault(key, new TreeSet<>()));
                if (step != null) {
                    before.addAll(step.reads);
                }
                before.removeAll(settled.getOrDefault(key, new TreeSet<>()));
                nodes.add(
                        new PlannedNode(
                                key,
                                action,
                                step == null ? Decision.WILL_RUN : step.decision,
                                "",
                                step == null ? Set.of() : step.effects,
                                before,
                                settled.getOrDefault(key, new TreeSet<>()),
                                step == null ? Optional.empty() : Optional.of(step.lock()),
                                step == null ? Optional.empty() : step.incarnation,
                                step == null ? Optional.empty() : step.expected));
            });
            Plan plan =
                    new Plan(
                            cluster,
                            kind,
                            new Plan.Source(
                                    "name: " + cluster,
                                    List.of(),
                                    new TreeMap<>(),
                                    new TreeMap<>()),
                            members,
                            nodes,
                            forget);
            return new FakePlan(plan, steps);
        }
    }
}
