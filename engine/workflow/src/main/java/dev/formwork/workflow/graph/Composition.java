package dev.formwork.workflow.graph;

import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.Expressions;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.expression.Scope;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.schema.Schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A cluster with everything it uses, compiled: no machine is known to it yet. Immutable.
public final class Composition {
    private final ClusterSpec cluster;
    private final ScopeInstance root;
    private final ParameterLayers layers;
    private final SortedMap<String, LoadedModule> modules;

    Composition(
            ClusterSpec cluster,
            ScopeInstance root,
            ParameterLayers layers,
            SortedMap<String, LoadedModule> modules) {
        this.cluster = cluster;
        this.root = root;
        this.layers = layers;
        this.modules = Collections.unmodifiableSortedMap(new TreeMap<>(modules));
    }

    public ClusterSpec cluster() {
        return cluster;
    }

    ScopeInstance root() {
        return root;
    }

    /// Every module in use, by name.
    public SortedMap<String, LoadedModule> modules() {
        return modules;
    }

    /// What it reads of other clusters: `cluster.output`.
    public SortedSet<String> clusterReads() {
        SortedSet<String> reads = new TreeSet<>();
        Stream.concat(
                        root.with.values().stream(),
                        root.groupWith.values().stream().flatMap(with -> with.values().stream()))
                .forEach(template ->
                        template.references().stream()
                                .filter(Reference.ClusterOutput.class::isInstance)
                                .map(Reference.ClusterOutput.class::cast)
                                .forEach(r -> reads.add(r.cluster() + "." + r.output())));
        return reads;
    }

    ParameterLayers layers() {
        return layers;
    }

    /// Checks the values that the cluster, its groups and its machines give against the workflow's
    /// schemas.
    ///
    /// @param problems gets `input.invalid`, `expression.failed`
    public void checkInputs(Schemas schemas, Pinned pinned, Problems problems) {
        Evaluation evaluation =
                new Evaluation(
                        cluster.name(), new Membership(List.of()), pinned, new NothingKnown());
        for (InputSpec input : root.workflow().inputs().values()) {
            if (evaluation.input(input.name(), Evaluation.Place.inside(root))
                            instanceof Resolution.Known<Value>(Value value)
                    && root.with.containsKey(input.name())) {
                schemas.validate(
                        Schemas.Kind.INPUT,
                        input.name(),
                        value,
                        input.schema(),
                        Optional.ofNullable(cluster.with().get(input.name()))
                                .map(template -> template.location())
                                .orElse(cluster.location()),
                        problems);
            }
        }
        root.groupWith.forEach((group, with) ->
                with.keySet().forEach(name -> checkGroup(group, name, schemas, pinned, problems)));
        pinned.machines()
                .forEach((machine, values) ->
                        values.fields()
                                .forEach((name, value) ->
                                        checkMachine(machine, name, value, schemas, problems)));
    }

    /// What this cluster reads from outside of itself and its modules.
    ///
    /// @param machines those that are members
    /// @param except inputs that machines have no say in
    /// @param problems gets `profile.unknown`
    public Pinned pin(
            SortedMap<String, Value> clusterOutputs,
            Catalog catalog,
            Collection<Machine> machines,
            Set<String> except,
            Problems problems) {
        TreeMap<String, Value> read = new TreeMap<>(clusterOutputs);
        read.keySet().retainAll(clusterReads());
        Set<String> names = new TreeSet<>(root.workflow().inputs().keySet());
        TreeMap<String, Value> defaults = new TreeMap<>();
        catalog.defaults()
                .forEach((name, template) -> {
                    if (names.contains(name)) {
                        defaults.put(name, marked(name, template.value()));
                    }
                });
        names.removeAll(except);
        TreeMap<String, Value.Struct> own = new TreeMap<>();
        for (Machine machine : machines) {
            Map<String, Value> values = new LinkedHashMap<>();
            ParameterLayers.merged(ParameterLayers.of(machine, names, catalog, problems))
                    .forEach((name, template) -> {
                        if (template instanceof Template.Constant(Value value, _)) {
                            values.put(name, marked(name, value));
                        }
                    });
            if (!values.isEmpty()) {
                own.put(machine.name(), Value.of(values));
            }
        }
        return new Pinned(read, defaults, own);
    }

    /// What every input of the workflow is on one machine, and what else the machine says.
    ///
    /// @param group that the machine is in
    /// @param catalog has the machine's profiles
    public List<Parameter> parameters(
            Machine machine, String group, Catalog catalog, Pinned pinned) {
        Evaluation evaluation =
                new Evaluation(
                        cluster.name(), new Membership(List.of()), pinned, new NothingKnown());
        Set<String> names = Parameter.names(machine, catalog);
        names.addAll(root.workflow().inputs().keySet());
        List<ParameterLayers.Layer> all =
                new ArrayList<>(ParameterLayers.of(machine, names, catalog, new Problems()));
        all.addAll(layers.below(group));
        Map<String, Template> standards = new LinkedHashMap<>();
        root.workflow()
                .inputs()
                .forEach((name, input) ->
                        input.standard()
                                .ifPresent(value ->
                                        standards.put(
                                                name,
                                                new Template.Constant(value, input.location()))));
        all.add(new ParameterLayers.Layer("default", standards));
        return Parameter.of(
                names,
                all,
                (name, template) -> {
                    CompiledTemplate compiled =
                            Expressions.compile(
                                    template, Scope.EMPTY.withClusters(), new Problems());
                    Value value =
                            evaluation.template(compiled, Evaluation.Place.inside(root))
                                            instanceof Resolution.Known<Value>(Value known)
                                    ? known
                                    : Value.nil();
                    return marked(name, Parameter.marked(name, value, catalog));
                });
    }

    private Value marked(String name, Value value) {
        InputSpec input = root.workflow().inputs().get(name);
        boolean secret = input != null && input.secret() && !(value instanceof Value.Null);
        return secret ? new Value.Secret(value) : value;
    }

    private void checkGroup(
            String group, String name, Schemas schemas, Pinned pinned, Problems problems) {
        ClusterSpec.Group declared = Objects.requireNonNull(cluster.groups().get(group));
        Evaluation evaluation =
                new Evaluation(
                        cluster.name(), new Membership(List.of()), pinned, new NothingKnown());
        Evaluation.Seen anyMachine = new Evaluation.Seen("", Optional.of(group));
        if (evaluation.input(name, Evaluation.Place.inside(root, Optional.of(anyMachine)))
                instanceof Resolution.Known<Value>(Value value)) {
            schemas.validate(
                    Schemas.Kind.INPUT,
                    name,
                    value,
                    Objects.requireNonNull(root.workflow().inputs().get(name)).schema(),
                    Optional.ofNullable(declared.with().get(name))
                            .map(template -> template.location())
                            .orElse(declared.location()),
                    problems);
        }
    }

    private void checkMachine(
            String machine, String name, Value value, Schemas schemas, Problems problems) {
        Problems mine = new Problems();
        schemas.validate(
                Schemas.Kind.INPUT,
                name,
                value,
                Objects.requireNonNull(root.workflow().inputs().get(name)).schema(),
                null,
                mine);
        mine.all()
                .forEach(problem ->
                        problems.add(
                                null,
                                problem.code(),
                                "of machine " + machine + ": " + problem.detail(),
                                "`formwork params " + machine + "` shows where it comes from"));
    }

    /// How long a workflow may take from its first step on; of one that has a `within:` node.
    ///
    /// @param workflow its path, empty for the outermost
    public Optional<Duration> limit(String workflow) {
        return limit(root, workflow);
    }

    private static Optional<Duration> limit(ScopeInstance scope, String workflow) {
        if (scope.path.equals(workflow)) {
            return scope.timeout();
        }
        return scope.steps.values().stream()
                .flatMap(step -> Stream.ofNullable(step.nested))
                .flatMap(nested -> limit(nested, workflow).stream())
                .findFirst();
    }

    /// The steps that run something, of all nested workflows, in the order written.
    List<StepInstance> tasks() {
        return tasks(root);
    }

    static List<StepInstance> tasks(ScopeInstance scope) {
        List<StepInstance> all = new ArrayList<>();
        collect(scope, all);
        return all;
    }

    private static void collect(ScopeInstance scope, List<StepInstance> all) {
        for (StepInstance step : scope.steps.values()) {
            if (step.nested != null) {
                collect(step.nested, all);
            } else {
                all.add(step);
            }
        }
    }

    /// The step that a key names, if there is one.
    Optional<StepInstance> step(NodeKey key) {
        ScopeInstance scope = root;
        List<String> names = Arrays.asList(key.path().split("/"));
        for (String outer : names.subList(0, names.size() - 1)) {
            StepInstance step = scope.steps.get(outer);
            if (step == null || step.nested == null) {
                return Optional.empty();
            }
            scope = step.nested;
        }
        StepInstance step = scope.steps.get(names.getLast());
        return step == null || step.nested != null ? Optional.empty() : Optional.of(step);
    }

    /// What a STEP node needs to be decided on and carried out.
    ///
    /// @throws IllegalArgumentException if there is no such step
    public StepWork work(NodeKey key, Membership membership, Pinned pinned, Schemas schemas) {
        StepInstance step =
                step(key).orElseThrow(() -> new IllegalArgumentException("no such step: " + key));
        return new CompiledStepWork(step, key, cluster.name(), membership, pinned, schemas);
    }

    /// The outputs of the cluster, as far as the world is known.
    public Resolution<Value.Struct> outputs(Membership membership, Pinned pinned, World world) {
        return new Evaluation(cluster.name(), membership, pinned, world).results(root);
    }

    /// The world before anything has happened.
    private static final class NothingKnown implements World {
        @Override
        public Outputs outputs(NodeKey step) {
            return new Outputs.Unknown();
        }

        @Override
        public Optional<Value.Struct> live(String machine) {
            return Optional.empty();
        }

        @Override
        public Optional<Value.Struct> lastKnown(String machine) {
            return Optional.empty();
        }
    }
}
