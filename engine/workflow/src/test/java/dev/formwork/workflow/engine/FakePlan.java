package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.graph.Turn;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A plan put together by hand. Every step has an input `seed`, one input for each step whose
/// output it reads, and one output `v`.
public final class FakePlan implements CompiledPlan {

    private final Plan plan;
    private final Map<NodeKey, FakeStep> steps;
    private final Map<String, LoadedModule> modules = new HashMap<>();

    private final Map<String, Duration> limits;

    private final List<String> places;
    private final Optional<String> makes;

    private FakePlan(
            Plan plan,
            Map<NodeKey, FakeStep> steps,
            Map<String, Duration> limits,
            List<String> places,
            Optional<String> makes) {
        this.plan = plan;
        this.makes = makes;
        this.places = List.copyOf(places);
        this.steps = steps;
        this.limits = limits;
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
    public Optional<Duration> limit(String workflow) {
        return Optional.ofNullable(limits.get(workflow));
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
    public List<Place> places(String machine) {
        return places.stream()
                .map(provider ->
                        new Place(provider, provider, Value.of(Map.of("size", Value.of("small")))))
                .toList();
    }

    @Override
    public boolean mayMake(String member, PoolSpec.Make make) {
        return makes.map(make.provider()::equals).orElse(true);
    }

    @Override
    public Value.Struct outputs(World world) {
        TreeMap<String, Value> all = new TreeMap<>();
        for (PlannedNode node : plan.nodes()) {
            if (node.action() == Action.STEP
                    && !step(node.key()).handles()
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

    /// Collects nodes; the order in which they are added is the plan's.
    public static final class Builder {
        private final String cluster;
        private final List<Member> members = new ArrayList<>();
        private final Map<NodeKey, FakeStep> steps = new LinkedHashMap<>();
        private final Map<NodeKey, Action> actions = new LinkedHashMap<>();
        private final Map<NodeKey, TreeSet<NodeKey>> after = new HashMap<>();
        private final Map<NodeKey, TreeSet<NodeKey>> settled = new HashMap<>();
        private final Map<NodeKey, Turn> turns = new HashMap<>();
        private final Map<String, Duration> limits = new HashMap<>();
        private final TreeSet<NodeKey> forget = new TreeSet<>();
        private Plan.Kind kind = Plan.Kind.APPLY;
        private List<String> places = List.of("fake");
        private Optional<String> makes = Optional.empty();

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

        /// Where any of its machines may be made.
        public Builder places(String... providers) {
            places = List.of(providers);
            return this;
        }

        /// By which provider alone a pool may have any of its machines made.
        public Builder makes(String provider) {
            makes = Optional.of(provider);
            return this;
        }

        /// One that is taken from a pool, or goes back to it.
        public Builder pooled(
                String name, Member.Role role, Optional<MachineId> machine, String pool) {
            members.add(
                    new Member(
                            "g",
                            members.size(),
                            name,
                            role,
                            machine,
                            false,
                            Optional.empty(),
                            Optional.of(pool)));
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

        /// Gives a workflow that has these steps so long.
        public NodeKey limit(String workflow, Duration most, NodeKey... within) {
            limits.put(workflow, most);
            NodeKey key = NodeKey.within(workflow);
            actions.put(key, Action.GATE);
            afterSettled(key, within);
            return key;
        }

        /// A gate with which a turn begins.
        NodeKey turn(NodeKey key, Turn turn) {
            actions.put(key, Action.GATE);
            turns.put(key, turn);
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

        /// A plan has each node after those it waits for.
        private void order(NodeKey key, Map<NodeKey, Action> ordered, Set<NodeKey> open) {
            Action action = actions.get(key);
            if (action == null || ordered.containsKey(key) || !open.add(key)) {
                return;
            }
            FakeStep step = action == Action.STEP ? steps.get(key) : null;
            Set<NodeKey> before = new TreeSet<>(after.getOrDefault(key, new TreeSet<>()));
            before.addAll(settled.getOrDefault(key, new TreeSet<>()));
            before.addAll(step == null ? Set.of() : step.reads);
            before.forEach(each -> order(each, ordered, open));
            ordered.put(key, action);
        }

        public FakePlan build() {
            List<PlannedNode> nodes = new ArrayList<>();
            Map<NodeKey, Action> ordered = new LinkedHashMap<>();
            List.copyOf(actions.keySet()).forEach(key -> order(key, ordered, new HashSet<>()));
            ordered.forEach((key, action) -> {
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
                                step == null ? Optional.empty() : step.expected,
                                Optional.ofNullable(turns.get(key))));
            });
            Plan plan =
                    new Plan(
                            cluster,
                            kind,
                            new Plan.Source(
                                    "name: " + cluster, List.of(), new TreeMap<>(), Pinned.NOTHING),
                            members,
                            nodes,
                            forget);
            return new FakePlan(plan, steps, limits, places, makes);
        }
    }
}
