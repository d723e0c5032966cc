package dev.formwork.workflow.graph;

import dev.formwork.model.Problems;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.schema.Schemas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A cluster with everything it uses, compiled: no machine is known to it yet. Immutable.
public final class Composition {
    private final ClusterSpec cluster;
    private final ScopeInstance root;
    private final SortedMap<String, LoadedModule> modules;

    Composition(ClusterSpec cluster, ScopeInstance root, SortedMap<String, LoadedModule> modules) {
        this.cluster = cluster;
        this.root = root;
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
        root.with
                .values()
                .forEach(template ->
                        template.references().stream()
                                .filter(Reference.ClusterOutput.class::isInstance)
                                .map(Reference.ClusterOutput.class::cast)
                                .forEach(r -> reads.add(r.cluster() + "." + r.output())));
        return reads;
    }

    /// Checks the values that the cluster gives against the workflow's schemas.
    ///
    /// @param problems gets `input.invalid`, `expression.failed`
    public void checkInputs(
            Schemas schemas, SortedMap<String, Value> clusterOutputs, Problems problems) {
        Evaluation evaluation =
                new Evaluation(
                        cluster.name(),
                        new Membership(List.of()),
                        clusterOutputs,
                        new NothingKnown());
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
    public StepWork work(
            NodeKey key,
            Membership membership,
            SortedMap<String, Value> clusterOutputs,
            Schemas schemas) {
        StepInstance step =
                step(key).orElseThrow(() -> new IllegalArgumentException("no such step: " + key));
        return new CompiledStepWork(step, key, cluster.name(), membership, clusterOutputs, schemas);
    }

    /// The outputs of the cluster, as far as the world is known.
    public Resolution<Value.Struct> outputs(
            Membership membership, SortedMap<String, Value> clusterOutputs, World world) {
        return new Evaluation(cluster.name(), membership, clusterOutputs, world).results(root);
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
