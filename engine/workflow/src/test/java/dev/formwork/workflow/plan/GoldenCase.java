package dev.formwork.workflow.plan;

import dev.formwork.model.Location;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problems;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Template;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.price.PriceTable;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.model.yaml.PoolLoader;
import dev.formwork.model.yaml.ProfileLoader;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.Composer;
import dev.formwork.workflow.graph.Composition;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineParams;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.placement.Choice;
import dev.formwork.workflow.placement.Offers;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.schema.Schemas;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The records that a golden case's steps build up: each step but the last is planned and
/// "applied", every node succeeding with outputs that the case gives or that are made up from its
/// key.
final class GoldenCase {
    private final Map<String, Map<String, Object>> modules = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> profiles = new LinkedHashMap<>();
    private Map<String, Object> defaults;
    private final Map<String, MachineParams> params = new HashMap<>();
    private Map<String, Object> cluster;
    private final Map<String, Machine> machines = new TreeMap<>();
    private final Map<NodeKey, StepResult> results = new TreeMap<>();
    private final Map<String, LoadedModule> everLoaded = new HashMap<>();
    private final Fingerprinter fingerprinter = new Fingerprinter(bytes -> bytes);
    private final Schemas schemas = new Schemas();
    private Optional<Cluster> recorded = Optional.empty();
    private final Map<String, PoolSpec> pools = new HashMap<>();
    private final TreeMap<String, Value> clusterOutputs = new TreeMap<>();
    private Map<NodeKey, PlanRequest.CheckAnswer> checks = Map.of();
    private boolean destroy;
    private Offers offers = Offers.UNKNOWN;
    private int ids;

    /// @param library modules that every case may use; its own come over them
    GoldenCase(List<Object> library, Map<String, Object> definition) {
        for (Object module : library) {
            modules.put((String) map(module).get("name"), new LinkedHashMap<>(map(module)));
        }
        for (Object module : list(definition.get("modules"))) {
            Map<String, Object> fields = map(module);
            modules.put((String) fields.get("name"), new LinkedHashMap<>(fields));
        }
        for (Object profile : list(definition.get("profiles"))) {
            Map<String, Object> fields = map(profile);
            profiles.put((String) fields.get("name"), fields);
        }
        for (Object pool : list(definition.get("pools"))) {
            PoolSpec spec = PoolLoader.load("pool.yaml", new Yaml().dump(pool));
            pools.put(spec.name(), spec);
        }
        cluster = new LinkedHashMap<>(map(definition.get("cluster")));
        defaults = map(definition.get("defaults"));
    }

    /// A word, and what is said of it behind `, `.
    private static PlanRequest.CheckAnswer answer(String text) {
        String[] parts = text.split(", ", 2);
        return new PlanRequest.CheckAnswer(
                switch (parts[0]) {
                    case "holds" -> PlanRequest.CheckAnswer.Kind.HOLDS;
                    case "does-not-hold" -> PlanRequest.CheckAnswer.Kind.DOES_NOT_HOLD;
                    default -> PlanRequest.CheckAnswer.Kind.UNKNOWN;
                },
                parts.length == 1 ? "" : parts[1]);
    }

    /// Changes wishes and records as one entry of `steps` says.
    void change(Map<String, Object> step) {
        cluster = merged(cluster, map(step.get("cluster")));
        map(step.get("modules"))
                .forEach((name, patch) ->
                        modules.merge(name, map(patch), (old, fields) -> merged(old, fields)));
        defaults = merged(defaults, map(step.get("defaults")));
        map(step.get("params"))
                .forEach((name, given) ->
                        params.put(
                                name,
                                new MachineParams(
                                        (Value.Struct) value(map(map(given).get("values"))),
                                        list(map(given).get("profiles")).stream()
                                                .map(String.class::cast)
                                                .toList())));
        map(step.get("machines")).forEach((name, fate) -> befall(name, (String) fate));
        list(step.get("taint"))
                .forEach(key ->
                        results.computeIfPresent(
                                NodeKey.parse((String) key), (_, result) -> result.withTaint()));
        map(step.get("clusters")).forEach((name, value) -> clusterOutputs.put(name, value(value)));
        Map<NodeKey, PlanRequest.CheckAnswer> answers = new HashMap<>();
        map(step.get("checks"))
                .forEach((key, answer) -> answers.put(NodeKey.parse(key), answer((String) answer)));
        checks = answers;
        if (step.get("prices") instanceof String prices) {
            offers = new Offers(offers.providers(), prices(prices));
        }
        if (step.get("providers") instanceof List<?> names) {
            TreeSet<String> known = new TreeSet<>();
            names.forEach(name -> known.add((String) name));
            offers = new Offers(Optional.of(known), offers.prices());
        }
        destroy = Boolean.TRUE.equals(step.get("destroy"));
    }

    /// `aws 0.1, aws/large 0.2, racks 1`: providers, with the `type` of the machine.
    private static Optional<PriceTable> prices(String text) {
        List<PriceTable.Price> prices = new ArrayList<>();
        for (String each : text.split(", ", -1)) {
            String[] words = each.split("[ /]", -1);
            prices.add(
                    new PriceTable.Price(
                            words[0],
                            words.length == 2
                                    ? Value.Struct.EMPTY
                                    : Value.of(Map.of("type", Value.of(words[1]))),
                            new BigDecimal(words[words.length - 1])));
        }
        return Optional.of(new PriceTable("EUR", prices));
    }

    private void befall(String name, String fate) {
        machines.computeIfPresent(
                name,
                (_, machine) ->
                        switch (fate) {
                            case "gone" -> machine.withState(Machine.State.GONE);
                            case "unreachable" -> machine.withState(Machine.State.UNREACHABLE);
                            case "requested" -> machine.withState(Machine.State.REQUESTED);
                            case "booting" -> machine.withState(Machine.State.BOOTING);
                            case "off" ->
                                    machine.withState(Machine.State.UNREACHABLE)
                                            .withPooled(
                                                    machine.pooled().orElseThrow().switched(true));
                            case "erased" -> machine.withIncarnation(machine.incarnation() + 1);
                            default -> throw new IllegalArgumentException(fate);
                        });
        if (fate.equals("exists")) {
            machines.put(name, machine(name, Optional.empty(), Optional.empty()));
        }
    }

    Plan plan() {
        return new Planner(fingerprinter, schemas).plan(request());
    }

    Set<String> checksWanted() {
        Set<String> keys = new TreeSet<>();
        new Planner(fingerprinter, schemas)
                .checksWanted(request())
                .forEach(check -> keys.add(check.result().key().toString()));
        return keys;
    }

    private PlanRequest request() {
        String yaml = new Yaml().dump(cluster);
        Optional<ClusterSpec> spec =
                destroy ? Optional.empty() : Optional.of(ClusterLoader.load("cluster.yaml", yaml));
        return new PlanRequest(
                String.valueOf(cluster.get("name")),
                destroy ? Plan.Kind.DESTROY : Plan.Kind.APPLY,
                spec,
                yaml,
                catalog(),
                new TreeMap<>(),
                recorded,
                machines.values().stream().map(this::withParams).toList(),
                results.values(),
                lock -> Optional.ofNullable(everLoaded.get(lock.digest())),
                checks,
                clusterOutputs,
                pools,
                offers);
    }

    private Catalog catalog() {
        List<LoadedModule> loaded = new ArrayList<>();
        modules.forEach((name, fields) -> {
            byte[] yaml = new Yaml().dump(fields).getBytes(StandardCharsets.UTF_8);
            LoadedModule module =
                    ModuleLoader.load(
                            new FileTree(Map.of("module.yaml", yaml)), name + "/module.yaml");
            everLoaded.put(module.files().digest(), module);
            loaded.add(module);
        });
        Map<String, Template.Constant> ofPacks = new TreeMap<>();
        defaults.forEach((name, given) ->
                ofPacks.put(
                        name,
                        new Template.Constant(value(given), new Location("pack.yaml", 1, 1))));
        return Catalog.of(
                        loaded,
                        profiles.values().stream()
                                .flatMap(fields ->
                                        ProfileLoader.loadAll(
                                                "profile.yaml", new Yaml().dump(fields))
                                                .stream())
                                .toList())
                .withDefaults(ofPacks);
    }

    private Machine withParams(Machine machine) {
        return machine.withParams(params.getOrDefault(machine.name(), MachineParams.NONE));
    }

    /// Carries a plan out as if nothing could go wrong, but for the nodes in `fail` and what comes
    /// after them.
    void apply(Plan plan, Map<String, Object> given, Set<String> fail) {
        Membership membership = new Membership(plan.members());
        Problems problems = new Problems();
        Optional<Composition> composition =
                destroy
                        ? Optional.empty()
                        : Composer.compose(
                                ClusterLoader.load("cluster.yaml", new Yaml().dump(cluster)),
                                catalog(),
                                problems);
        Map<String, Machine> byId = new HashMap<>();
        machines.values().forEach(machine -> byId.put(machine.id().value(), machine));
        Set<NodeKey> stopped = new HashSet<>();
        for (PlannedNode node : plan.nodes()) {
            if (fail.contains(node.key().toString())
                    || node.after().stream().anyMatch(stopped::contains)) {
                stopped.add(node.key());
                continue;
            }
            switch (node.action()) {
                case CREATE, ALLOCATE -> create(node, plan);
                case BOOT -> boot(node.key().machine().orElseThrow());
                case REMOVE, RELEASE -> {
                    String name = node.key().machine().orElseThrow();
                    machines.remove(name);
                    results.keySet()
                            .removeIf(key -> key.machine().filter(name::equals).isPresent());
                }
                case UNDO -> {
                    if (!node.isRollback()) {
                        results.remove(node.undone());
                    }
                }
                case STEP -> {
                    PlanningWorld world = world(membership);
                    StepWork work =
                            composition
                                    .orElseThrow()
                                    .work(node.key(), membership, plan.source().pinned(), schemas);
                    run(node, work, world, given, plan);
                }
                case GATE -> {}
            }
        }
        plan.forget().forEach(results::remove);
        if (destroy) {
            recorded = Optional.empty();
        } else if (stopped.isEmpty()) {
            Set<String> formed = new TreeSet<>();
            plan.members().stream().filter(Member::wanted).forEach(m -> formed.add(m.group()));
            results.values().removeIf(StepResult::event);
            recorded =
                    Optional.of(
                            new Cluster(
                                    plan.cluster(),
                                    new TreeSet<>(formed),
                                    Value.Struct.EMPTY,
                                    plan.source().clusterYaml()));
            plan.members().stream()
                    .filter(Member::wanted)
                    .forEach(member ->
                            machines.computeIfPresent(
                                    member.name(),
                                    (_, machine) ->
                                            machine.withPlacement(
                                                    new Machine.Placement(
                                                            plan.cluster(),
                                                            member.group(),
                                                            member.ordinal(),
                                                            true))));
        }
    }

    private void run(
            PlannedNode node,
            StepWork work,
            PlanningWorld world,
            Map<String, Object> given,
            Plan plan) {
        if (work.when(world) instanceof Resolution.Known<Boolean>(Boolean wanted) && !wanted) {
            return;
        }
        if (!(work.inputs(world) instanceof Resolution.Known<Value.Struct>(Value.Struct inputs))) {
            throw new AssertionError(node.key() + " has unknown inputs when it is due");
        }
        String machine = node.key().machine().orElseThrow();
        if (work.task().effects().contains(Effect.ERASE)) {
            erase(node, plan);
        }
        results.put(
                node.key(),
                new StepResult(
                        plan.cluster(),
                        node.key(),
                        machine.equals(NodeKey.ENGINE)
                                ? NodeKey.ENGINE
                                : machineNamed(machine).incarnationKey(),
                        fingerprinter.of(work.module(), inputs),
                        work.module().lock(),
                        inputs,
                        outputs(node.key(), work, map(given.get(node.key().path()))),
                        stepsBefore(node, plan),
                        work.event(),
                        false,
                        new RunId("r-1")));
    }

    /// What the engine does: the machine is a new one, and only what the plan put before counts on.
    private void erase(PlannedNode node, Plan plan) {
        String name = node.key().machine().orElseThrow();
        befall(name, "erased");
        for (NodeKey before : stepsBefore(node, plan)) {
            if (before.machine().filter(name::equals).isPresent()) {
                results.computeIfPresent(
                        before,
                        (_, result) -> result.onIncarnation(machineNamed(name).incarnationKey()));
            }
        }
    }

    private static SortedSet<NodeKey> stepsBefore(PlannedNode node, Plan plan) {
        TreeSet<NodeKey> steps = new TreeSet<>();
        for (NodeKey before : node.after()) {
            if (before.path().startsWith("all:")) {
                plan.nodes().stream()
                        .filter(other -> other.key().equals(before))
                        .forEach(gate -> steps.addAll(gate.after()));
            } else {
                steps.add(before);
            }
        }
        return steps;
    }

    private static Value.Struct outputs(NodeKey key, StepWork work, Map<String, Object> given) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        for (OutputSpec spec : work.task().outputs().values()) {
            Object said = given.get(spec.name());
            Value value = said == null ? madeUp(key, spec) : value(said);
            outputs.put(spec.name(), spec.secret() ? new Value.Secret(value) : value);
        }
        return Value.of(outputs);
    }

    private static Value madeUp(NodeKey key, OutputSpec spec) {
        Value type = spec.schema().fields().getOrDefault("type", Value.of("string"));
        return switch (type.toString()) {
            case "integer" -> Value.of(1);
            case "boolean" -> Value.of(true);
            case "array" -> Value.of(List.of());
            case "object" -> Value.Struct.EMPTY;
            default -> Value.of(spec.name() + " of " + key);
        };
    }

    private PlanningWorld world(Membership membership) {
        Map<String, Machine> byId = new HashMap<>();
        machines.values().forEach(machine -> byId.put(machine.id().value(), machine));
        List<Member> members =
                membership.all().stream()
                        .map(member ->
                                member.machine().isPresent() || !member.wanted()
                                        ? member
                                        : new Member(
                                                member.group(),
                                                member.ordinal(),
                                                member.name(),
                                                member.role(),
                                                Optional.ofNullable(machines.get(member.name()))
                                                        .map(Machine::id),
                                                false,
                                                member.provider(),
                                                member.pool()))
                        .toList();
        PlanningWorld world =
                new PlanningWorld(new Membership(members), byId) {
                    @Override
                    public Outputs outputs(NodeKey step) {
                        Outputs known = super.outputs(step);
                        return known instanceof Outputs.Unknown ? new Outputs.Skipped() : known;
                    }
                };
        results.forEach((key, result) -> world.decide(key, new Outputs.Known(result.outputs())));
        return world;
    }

    private void create(PlannedNode node, Plan plan) {
        String name = node.key().machine().orElseThrow();
        Member member =
                plan.members().stream()
                        .filter(m -> m.wanted() && m.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        Machine made =
                machine(
                                name,
                                Optional.of(
                                        new Machine.Placement(
                                                plan.cluster(),
                                                member.group(),
                                                member.ordinal(),
                                                false)),
                                member.provider().or(() -> Optional.of("local")))
                        .withOrigin(new Machine.Origin(asked(plan, member), 0));
        machines.put(
                name,
                member.pool()
                        .map(pool ->
                                made.withPooled(Pooled.free(pool, pool + "-1").takenFrom(pool)))
                        .orElse(made));
    }

    /// What the provider of the first place is asked for.
    private static Value.Struct asked(Plan plan, Member member) {
        ClusterSpec spec = ClusterLoader.load("cluster.yaml", plan.source().clusterYaml());
        return switch (Objects.requireNonNull(spec.groups().get(member.group())).members()) {
            case ClusterSpec.Members.Made made -> made.machine();
            case ClusterSpec.Members.Placed placed -> {
                List<Choice> choices =
                        plan.placing().choices().getOrDefault(member.name(), List.of());
                yield placed.places().get(choices.getFirst().place()).machine();
            }
            case ClusterSpec.Members.Pooled _ -> Value.Struct.EMPTY;
            case ClusterSpec.Members.Named _ -> throw new AssertionError("nobody makes it");
        };
    }

    private Machine machine(
            String name, Optional<Machine.Placement> placement, Optional<String> provider) {
        int id = ++ids;
        return new Machine(
                new MachineId("m-" + id),
                name,
                placement,
                provider,
                Optional.of("i-" + id),
                Machine.State.READY,
                1,
                Optional.of("10.0.0." + id),
                Value.Struct.EMPTY,
                Optional.of("boot-1"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Instant.EPOCH),
                MachineParams.NONE,
                Optional.empty(),
                NetworkBoot.NONE);
    }

    private void boot(String name) {
        machines.computeIfPresent(name, (_, machine) -> machine.withState(Machine.State.READY));
    }

    private Machine machineNamed(String name) {
        Machine machine = machines.get(name);
        if (machine == null) {
            throw new AssertionError("a step runs on a machine that is not there: " + name);
        }
        return machine;
    }

    private static Map<String, Object> merged(Map<String, Object> old, Map<String, Object> patch) {
        Map<String, Object> merged = new LinkedHashMap<>(old);
        patch.forEach((key, value) -> {
            if (value == null) {
                merged.remove(key);
            } else if (value instanceof Map<?, ?> && merged.get(key) instanceof Map<?, ?> before) {
                merged.put(key, merged(map(before), map(value)));
            } else {
                merged.put(key, value);
            }
        });
        return merged;
    }

    static Value value(@Nullable Object plain) {
        return switch (plain) {
            case null -> Value.nil();
            case String text -> Value.of(text);
            case Integer number -> Value.of((long) number);
            case Boolean bool -> Value.of((boolean) bool);
            case List<?> items -> Value.of(items.stream().map(GoldenCase::value).toList());
            case Map<?, ?> fields -> {
                Map<String, Value> values = new LinkedHashMap<>();
                map(fields).forEach((key, value) -> values.put(key, value(value)));
                yield Value.of(values);
            }
            default -> throw new IllegalArgumentException("no value: " + plain);
        };
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(@Nullable Object plain) {
        return plain == null ? Map.of() : (Map<String, Object>) plain;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(@Nullable Object plain) {
        return plain == null ? List.of() : (List<Object>) plain;
    }
}
