package dev.formwork.workflow.simulation;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.engine.FakeControl;
import dev.formwork.workflow.engine.FakePlan;
import dev.formwork.workflow.engine.FakeStep;
import dev.formwork.workflow.engine.Secrets;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineParams;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.result.Fingerprinter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/// Made up from a seed: machines that are there, what is recorded of them, and one plan or two.
final class Scenario {
    static final Fingerprinter FINGERPRINTER = new Fingerprinter(bytes -> bytes);
    static final int MOST_RUNS = 4;
    static final int MOST_PLANS = 6;
    private static final String POOL = "metal";
    private static final RunId BEFORE = new RunId("r-before");

    private final Random random;
    private final Map<String, FakePlan> plans = new LinkedHashMap<>();
    private final List<Machine> machines = new ArrayList<>();
    private final List<Pool> pools = new ArrayList<>();
    private final List<StepResult> recorded = new ArrayList<>();

    /// Steps that are in place on a machine though no simulated run put them there.
    private final List<StepResult> inPlace = new ArrayList<>();

    /// How many attempts of a step fail before one succeeds.
    private final Map<String, Integer> failing = new HashMap<>();

    /// How many times a step ends well before its outputs are as wanted.
    private final Map<String, Integer> notYet = new HashMap<>();

    private final Map<NodeKey, Outputs> expected = new HashMap<>();

    Scenario(Random random) {
        this.random = random;
        machine(NodeKey.ENGINE, Optional.empty());
        machine("shared", Optional.of("fake"));
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            String cluster = i == 0 ? "red" : "blue";
            plans.put("plan-" + cluster, plan(cluster));
        }
        if (random.nextBoolean()) {
            plans.put("plan-green", dayTwo("green"));
        }
        if (random.nextInt(3) == 0) {
            pool();
        }
    }

    List<Pool> pools() {
        return pools;
    }

    /// Some machines are free, a cluster gives some back, and others want no more than all of
    /// these.
    private void pool() {
        String clean = random.nextBoolean() ? "power-off" : "nothing";
        pools.add(
                Pool.of(
                        "kind: Pool\nname: metal\nwhere: machine.name.startsWith('metal')\nclean: "
                                + clean
                                + "\n",
                        new TreeSet<>()));
        int free = 1 + random.nextInt(2);
        for (int i = 0; i < free; i++) {
            Machine machine = machine(POOL + "-" + i, Optional.of("fake"));
            if (random.nextInt(3) == 0) {
                Instant until = Simulation.BEGIN.plusSeconds(30 + random.nextInt(300));
                reserve(machine, random.nextBoolean() ? "amber" : "nobody", until);
            }
        }
        int returning = random.nextInt(3);
        if (returning > 0) {
            plans.put("plan-violet", givingBack("violet", returning));
        }
        int wanted = 1 + random.nextInt(free + returning);
        int amber = 1 + random.nextInt(wanted);
        plans.put("plan-amber", taking("amber", amber));
        if (wanted > amber) {
            plans.put("plan-jade", taking("jade", wanted - amber));
        }
    }

    private void reserve(Machine machine, String cluster, Instant until) {
        Pooled part =
                Pooled.free(POOL, machine.name())
                        .reservedIn(POOL, new Pooled.Reservation(cluster, Optional.of(until)));
        machines.set(machines.indexOf(machine), machine.withPooled(part));
    }

    private FakePlan givingBack(String cluster, int count) {
        FakePlan.Builder plan = FakePlan.of(cluster);
        FakeStep before = plan.step(cluster.charAt(0) + "before", NodeKey.ENGINE);
        decide(cluster, before, true);
        for (int i = 0; i < count; i++) {
            String name = cluster + "-g-" + i;
            Machine there = machine(name, Optional.of("fake"));
            machines.set(
                    machines.indexOf(there),
                    there.withPlacement(new Machine.Placement(cluster, "g", i, true))
                            .withPooled(Pooled.free(POOL, POOL + "-r" + i).takenFrom(POOL)));
            plan.pooled(name, Member.Role.LEAVING, Optional.of(there.id()), POOL);
            NodeKey release = plan.node(Action.RELEASE, "machine:release", name);
            if (random.nextBoolean()) {
                plan.after(release, before.key());
            }
        }
        return plan.build();
    }

    private FakePlan taking(String cluster, int count) {
        FakePlan.Builder plan = FakePlan.of(cluster);
        List<String> names = new ArrayList<>();
        Map<String, NodeKey> ready = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = cluster + "-g-" + i;
            names.add(name);
            plan.pooled(name, Member.Role.JOINING, Optional.empty(), POOL);
            NodeKey allocate = plan.node(Action.ALLOCATE, "machine:allocate", name);
            NodeKey boot = plan.node(Action.BOOT, "machine:boot", name);
            plan.after(boot, allocate);
            ready.put(name, boot);
        }
        stage(plan, cluster, cluster.charAt(0) + "s0", names, ready, List.of());
        return plan.build();
    }

    /// By digest.
    Map<String, FakePlan> byDigest() {
        return plans;
    }

    List<String> plans() {
        return List.copyOf(plans.keySet());
    }

    FakePlan plan(String cluster, boolean ofCluster) {
        FakePlan plan = plans.get(ofCluster ? "plan-" + cluster : cluster);
        if (plan == null) {
            throw new IllegalArgumentException(cluster);
        }
        return plan;
    }

    List<Machine> machines() {
        return machines;
    }

    List<StepResult> recorded() {
        return recorded;
    }

    List<StepResult> inPlace() {
        return inPlace;
    }

    Map<String, Integer> notYet() {
        return notYet;
    }

    Map<String, Integer> failing() {
        return failing;
    }

    /// What a step puts out for its inputs.
    static Value.Struct outputs(NodeKey key, Value.Struct inputs) {
        return Value.of(Map.of("v", Value.of(key + "#" + Integer.toHexString(inputs.hashCode()))));
    }

    private Machine machine(String name, Optional<String> provider) {
        MachineId id = new MachineId("m-" + name);
        Machine machine =
                new Machine(
                        id,
                        name,
                        Optional.empty(),
                        provider,
                        provider.map(_ -> "i-" + name),
                        Machine.State.READY,
                        1,
                        Optional.of("10.0.0.1"),
                        Value.Struct.EMPTY,
                        Optional.of("boot-0"),
                        Optional.of(Secrets.hash("credential-of-" + name)),
                        Optional.of(Secrets.hash("token-of-" + id)),
                        Optional.empty(),
                        MachineParams.NONE,
                        Optional.empty(),
                        NetworkBoot.NONE);
        machines.add(machine);
        return machine;
    }

    private FakePlan plan(String cluster) {
        FakePlan.Builder plan = FakePlan.of(cluster);
        if (cluster.equals("red")) {
            plan.places(SimulatedProvider.FULL, "fake");
        }
        List<String> names = new ArrayList<>();
        Map<String, NodeKey> ready = new HashMap<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String name = cluster + "-g-" + i;
            names.add(name);
            if (random.nextBoolean()) {
                Machine there = machine(name, Optional.of("fake"));
                plan.member(name, Member.Role.STANDING, Optional.of(there.id()));
            } else {
                plan.member(name, Member.Role.JOINING, Optional.empty());
                NodeKey create = plan.node(Action.CREATE, "machine:create", name);
                NodeKey boot = plan.node(Action.BOOT, "machine:boot", name);
                plan.after(boot, create);
                ready.put(name, boot);
            }
        }
        if (random.nextBoolean()) {
            plan.member("shared", Member.Role.STANDING, Optional.of(new MachineId("m-shared")));
            names.add("shared");
        }
        List<List<FakeStep>> stages = new ArrayList<>();
        int depth = 1 + random.nextInt(5);
        for (int i = 0; i < depth; i++) {
            stages.add(stage(plan, cluster, cluster.charAt(0) + "s" + i, names, ready, stages));
        }
        if (stages.size() > 1 && random.nextInt(3) == 0) {
            undoneAfterAFailure(plan, stages);
        } else if (random.nextInt(4) == 0) {
            plan.limit("", Duration.ofSeconds(300 + random.nextInt(600)), keys(stages));
        }
        if (random.nextInt(3) == 0) {
            FakeStep handler = plan.step(cluster.charAt(0) + "handler", NodeKey.ENGINE);
            NodeKey[] handled =
                    stages.getFirst().stream().map(FakeStep::key).toArray(NodeKey[]::new);
            new FakeControl(plan).handler(handler, handled);
        }
        if (random.nextInt(3) == 0) {
            leaving(plan, cluster, stages.getLast());
        }
        return plan.build();
    }

    /// A module on machines of a cluster, whatever that does meanwhile.
    private FakePlan dayTwo(String cluster) {
        FakePlan.Builder plan = FakePlan.of(cluster).kind(Plan.Kind.MODULE);
        List<String> names = new ArrayList<>();
        for (Machine machine : machines) {
            boolean leaves = machine.name().endsWith("-g-9");
            boolean engine = machine.name().equals(NodeKey.ENGINE);
            if (!engine && !leaves && random.nextBoolean()) {
                names.add(machine.name());
                plan.member(machine.name(), Member.Role.STANDING, Optional.of(machine.id()));
            }
        }
        List<List<FakeStep>> stages = new ArrayList<>();
        int depth = 1 + random.nextInt(2);
        for (int i = 0; i < depth; i++) {
            stages.add(stage(plan, cluster, "gs" + i, names, Map.of(), stages));
        }
        return plan.build();
    }

    private List<FakeStep> stage(
            FakePlan.Builder plan,
            String cluster,
            String path,
            List<String> names,
            Map<String, NodeKey> ready,
            List<List<FakeStep>> before) {
        List<FakeStep> stage = new ArrayList<>();
        boolean onEngine = random.nextInt(4) == 0;
        Repeat repeat =
                switch (random.nextInt(5)) {
                    case 0, 1 -> Repeat.AT_MOST_ONCE;
                    case 2 -> Repeat.VERIFY_FIRST;
                    default -> Repeat.IDEMPOTENT;
                };
        boolean reboots = !onEngine && random.nextInt(5) == 0;
        boolean tolerated = random.nextInt(16) == 0;
        boolean parallel = random.nextInt(5) == 0;
        boolean exclusive = random.nextInt(3) == 0;
        String mutex = random.nextBoolean() ? "db" : "api";
        int max = 1 + random.nextInt(2);
        boolean gated = !before.isEmpty() && random.nextInt(3) == 0;
        NodeKey gate = null;
        if (gated) {
            gate = plan.gate("all:" + path);
            for (FakeStep earlier : before.getLast()) {
                plan.after(gate, earlier.key());
            }
        }
        for (String name : onEngine ? List.of(NodeKey.ENGINE) : names) {
            FakeStep step = plan.step(path, name).repeat(repeat);
            if (reboots) {
                step.mayReboot();
            }
            if (before.isEmpty() && repeat != Repeat.AT_MOST_ONCE) {
                step.undo();
            }
            if (parallel) {
                step.parallelToOthers();
            }
            if (exclusive) {
                step.mutex(mutex, max);
            }
            if (random.nextBoolean()) {
                step.check();
            }
            if (random.nextInt(3) == 0) {
                step.retry(1 + random.nextInt(3), Duration.ofSeconds(1 + random.nextInt(20)));
            }
            if (repeat != Repeat.AT_MOST_ONCE && random.nextInt(6) == 0) {
                step.until(MOST_RUNS, Duration.ofSeconds(1 + random.nextInt(20)));
                notYet.put(step.key().toString(), random.nextInt(MOST_RUNS));
            }
            if (ready.containsKey(name)) {
                plan.after(step.key(), ready.get(name));
            }
            if (gate != null) {
                plan.after(step.key(), gate);
            }
            if (!before.isEmpty()) {
                List<FakeStep> earlier = before.get(random.nextInt(before.size()));
                earlier.stream()
                        .filter(it ->
                                gated
                                        || it.key().machine().equals(step.key().machine())
                                        || random.nextInt(3) == 0)
                        .limit(3)
                        .forEach(it -> step.reads(it.key()));
            }
            if (random.nextInt(6) == 0) {
                failing.put(step.key().toString(), 1 + random.nextInt(3));
            }
            if (tolerated) {
                step.borne();
            }
            decide(cluster, step, ready.containsKey(name));
            stage.add(step);
        }
        if (stage.size() > 1 && random.nextInt(3) == 0) {
            turns(plan, path, stage.stream().map(FakeStep::key).toArray(NodeKey[]::new));
        }
        return stage;
    }

    /// A failure in the last stage undoes the first, as far as that can be undone.
    private static void undoneAfterAFailure(FakePlan.Builder plan, List<List<FakeStep>> stages) {
        stages.getLast().forEach(FakeStep::undoesAll);
        NodeKey[] all = keys(stages);
        stages.getFirst().stream()
                .filter(FakeStep::hasUndo)
                .forEach(step -> new FakeControl(plan).rollback(step, all));
    }

    private static NodeKey[] keys(List<List<FakeStep>> stages) {
        return stages.stream().flatMap(List::stream).map(FakeStep::key).toArray(NodeKey[]::new);
    }

    private void turns(FakePlan.Builder plan, String path, NodeKey[] steps) {
        new FakeControl(plan).turns(1 + random.nextInt(2), random.nextInt(3), steps);
        if (random.nextBoolean()) {
            NodeKey canary = plan.gate("canary:" + path);
            plan.after(canary, steps[0]);
            for (int i = 1; i < steps.length; i++) {
                plan.after(FakeControl.turnOf(steps[i]), canary);
            }
        }
    }

    private void decide(String cluster, FakeStep step, boolean fresh) {
        if (random.nextInt(15) == 0) {
            step.decision(Decision.SKIPPED).when(_ -> false);
            expected.put(step.key(), new Outputs.Skipped());
            return;
        }
        Resolution<Value.Struct> resolved = step.inputs(expectation());
        if (!(resolved instanceof Resolution.Known<Value.Struct>(Value.Struct inputs))) {
            throw new IllegalStateException("a step reads what comes after it");
        }
        Value.Struct outputs = outputs(step.key(), inputs);
        expected.put(step.key(), new Outputs.Known(outputs));
        if (fresh) {
            return;
        }
        String machine = step.key().machine().orElseThrow();
        String incarnation = machine.equals(NodeKey.ENGINE) ? machine : "m-" + machine + ".1";
        step.incarnation(incarnation);
        // Of a module that is run by itself nothing is recorded.
        switch (cluster.equals("green") ? 3 + random.nextInt(5) : random.nextInt(8)) {
            case 0 -> {
                step.decision(Decision.UNCHANGED);
                record(cluster, step, incarnation, inputs, outputs);
            }
            case 1 -> {
                step.decision(Decision.MAY_RUN);
                record(cluster, step, incarnation, inputs, outputs);
            }
            case 2 -> {
                step.decision(random.nextBoolean() ? Decision.MAY_RUN : Decision.UNCHANGED);
                record(
                        cluster,
                        step,
                        incarnation,
                        Value.of(Map.of("seed", Value.of("old"))),
                        Value.of(Map.of("v", Value.of("old"))));
            }
            case 3 -> step.expected(FINGERPRINTER.of(step.module(), inputs));
            default -> {}
        }
    }

    private void record(
            String cluster,
            FakeStep step,
            String incarnation,
            Value.Struct inputs,
            Value.Struct outputs) {
        StepResult result =
                step.result(cluster, FINGERPRINTER, incarnation, inputs, outputs, BEFORE);
        recorded.add(result);
        if (random.nextInt(5) > 0) {
            inPlace.add(result);
        }
    }

    private World expectation() {
        return new World() {
            @Override
            public Outputs outputs(NodeKey step) {
                return expected.getOrDefault(step, new Outputs.Unknown());
            }

            @Override
            public Optional<Value.Struct> live(String machine) {
                return Optional.empty();
            }

            @Override
            public Optional<Value.Struct> lastKnown(String machine) {
                return Optional.empty();
            }
        };
    }

    /// A member that goes: what ran on it is undone, then it is removed.
    private void leaving(FakePlan.Builder plan, String cluster, List<FakeStep> last) {
        String name = cluster + "-g-9";
        Machine old = machine(name, Optional.of("fake"));
        plan.member(name, Member.Role.LEAVING, Optional.of(old.id()));
        FakeStep ran = plan.step(cluster.charAt(0) + "old", name).undo();
        if (random.nextBoolean()) {
            ran.repeat(Repeat.AT_MOST_ONCE);
        }
        Value.Struct inputs = Value.of(Map.of("seed", Value.of("1")));
        StepResult result =
                ran.result(
                        cluster,
                        FINGERPRINTER,
                        old.incarnationKey(),
                        inputs,
                        outputs(ran.key(), inputs),
                        BEFORE);
        recorded.add(result);
        NodeKey undo = plan.undo(ran);
        NodeKey remove = plan.node(Action.REMOVE, "machine:remove", name);
        plan.after(undo, last.stream().map(FakeStep::key).toArray(NodeKey[]::new));
        plan.after(remove, undo);
    }
}
