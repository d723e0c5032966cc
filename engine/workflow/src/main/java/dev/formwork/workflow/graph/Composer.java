package dev.formwork.workflow.graph;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problems;
import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.Interface;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Module;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.module.Template;
import dev.formwork.model.module.Workflow;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.Expressions;
import dev.formwork.workflow.expression.ItemKind;
import dev.formwork.workflow.expression.Scope;
import dev.formwork.workflow.pool.MachineCondition;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Turns a cluster and the modules it uses into a [Composition]: every workflow instantiated, every
/// `uses` resolved through its bindings, every expression compiled. Finds all problems at once.
public final class Composer {
    private final ClusterSpec cluster;
    private final Catalog catalog;
    private final Problems problems;
    private final Bindings bindings;
    private final Deque<String> nesting = new ArrayDeque<>();
    private final SortedMap<String, LoadedModule> used = new TreeMap<>();

    private Composer(ClusterSpec cluster, Catalog catalog, Problems problems) {
        this.cluster = cluster;
        this.catalog = catalog;
        this.problems = problems;
        this.bindings = new Bindings(catalog, problems);
    }

    /// @param problems gets `cluster.*`, `module.*`, `binding.*`, `workflow.*`, `step.*`,
    ///   `expression.*`
    /// @return empty if there is no workflow to speak of; where problems were found, use nothing of
    ///   it
    public static Optional<Composition> compose(
            ClusterSpec cluster, Catalog catalog, Problems problems) {
        return new Composer(cluster, catalog, problems).compose();
    }

    private Optional<Composition> compose() {
        Optional<LoadedModule> found = catalog.find(cluster.workflow());
        if (found.isEmpty()) {
            problems.add(
                    cluster.location(),
                    "module.unknown",
                    "there is no workflow " + cluster.workflow(),
                    catalog.hintFor(cluster.workflow()));
            return Optional.empty();
        }
        if (!(found.get().module() instanceof Workflow workflow)) {
            problems.add(
                    cluster.location(),
                    "cluster.not-a-workflow",
                    cluster.workflow() + " is not a workflow",
                    "a single module runs by `formwork run`");
            return Optional.empty();
        }
        checkGroups(workflow);
        ScopeInstance root =
                new ScopeInstance(
                        "", found.get(), Optional.empty(), ScopeInstance.identity(cluster));
        ParameterLayers layers = ParameterLayers.of(cluster, workflow, catalog, problems);
        Scope outside = Scope.EMPTY.withClusters();
        compileInputs(
                root, layers.inputs(), outside, cluster.location(), "cluster " + cluster.name());
        cluster.groups().values().forEach(group -> compileGroup(root, group, layers, outside));
        fill(root, List.of(cluster.bind()));
        return Optional.of(new Composition(cluster, root, layers, used));
    }

    private void compileGroup(
            ScopeInstance root, ClusterSpec.Group group, ParameterLayers layers, Scope scope) {
        requireKnown(root.workflow().inputs(), group.with(), root.workflow());
        if (group.members() instanceof ClusterSpec.Members.Pooled pooled) {
            MachineCondition.of(pooled.where(), problems);
        }
        Map<String, CompiledTemplate> compiled = new LinkedHashMap<>();
        layers.ofGroup(group.name())
                .forEach((name, template) -> {
                    if (root.workflow().inputs().containsKey(name)) {
                        compiled.put(name, Expressions.compile(template, scope, problems));
                    }
                });
        root.groupWith.put(group.name(), compiled);
    }

    private void checkGroups(Workflow workflow) {
        for (String group : workflow.groups()) {
            if (!cluster.groups().containsKey(group)) {
                problems.add(
                        cluster.location(),
                        "cluster.missing-group",
                        "workflow " + workflow.name() + " works on a group " + group,
                        "declare it under `groups:`");
            }
        }
        cluster.groups()
                .values()
                .forEach(group -> {
                    if (!workflow.groups().contains(group.name())) {
                        problems.add(
                                group.location(),
                                "cluster.unknown-group",
                                "workflow " + workflow.name() + " has no group " + group.name(),
                                didYouMean(group.name(), workflow.groups()));
                    }
                });
    }

    /// Compiles what a workflow is given; `scope` is that of the giver.
    private void compileInputs(
            ScopeInstance instance,
            Map<String, Template> given,
            Scope scope,
            Location where,
            String giver) {
        Map<String, InputSpec> inputs = instance.workflow().inputs();
        requireInputs(inputs, given, where, giver, instance.workflow());
        given.forEach((name, template) -> {
            if (inputs.containsKey(name)) {
                instance.with.put(name, Expressions.compile(template, scope, problems));
            }
        });
    }

    private void requireInputs(
            Map<String, InputSpec> inputs,
            Map<String, Template> given,
            Location where,
            String giver,
            Module to) {
        requireKnown(inputs, given, to);
        inputs.values().stream()
                .filter(input -> input.standard().isEmpty() && !given.containsKey(input.name()))
                .forEach(input ->
                        problems.add(
                                where,
                                "step.missing-input",
                                giver
                                        + " gives no "
                                        + input.name()
                                        + ", which "
                                        + to.name()
                                        + " requires",
                                "add it under `with:`"));
    }

    private void requireKnown(
            Map<String, InputSpec> inputs, Map<String, Template> given, Module to) {
        given.forEach((name, template) -> {
            if (!inputs.containsKey(name)) {
                problems.add(
                        template.location(),
                        "step.unknown-input",
                        to.name() + " has no input " + Names.abbreviate(name),
                        didYouMean(name, inputs.keySet()));
            }
        });
    }

    /// @param layers bindings around the workflow's steps, the innermost first
    private void fill(ScopeInstance scope, List<Map<String, String>> layers) {
        Workflow workflow = scope.workflow();
        used.put(workflow.name(), scope.module);
        if (nesting.contains(workflow.name())) {
            problems.add(
                    workflow.header().location(),
                    "workflow.recursion",
                    "workflow "
                            + workflow.name()
                            + " contains itself: "
                            + String.join(" -> ", nesting.reversed())
                            + " -> "
                            + workflow.name(),
                    null);
            return;
        }
        nesting.push(workflow.name());
        for (Step step : workflow.steps().values()) {
            resolve(scope, step, layers)
                    .ifPresent(module ->
                            scope.steps.put(step.name(), new StepInstance(scope, step, module)));
        }
        Scope names = names(scope);
        scope.steps.values().forEach(step -> compile(step, names, layers));
        workflow.results()
                .forEach((name, template) ->
                        scope.results.put(name, Expressions.compile(template, names, problems)));
        new ReferenceRules(problems).check(scope);
        List<StepInstance> tasks = Composition.tasks(scope);
        scope.steps.values().stream()
                .filter(StepInstance::isHandler)
                .forEach(handler ->
                        handler.handled =
                                tasks.stream().filter(it -> it.isHandledBy(handler)).toList());
        nesting.pop();
    }

    private Optional<LoadedModule> resolve(
            ScopeInstance scope, Step step, List<Map<String, String>> layers) {
        List<Map<String, String>> all = new ArrayList<>();
        all.add(step.bind());
        groupOf(scope, step)
                .map(group -> cluster.groups().get(group))
                .ifPresent(group -> all.add(group.bind()));
        all.addAll(layers.size() > 1 ? layers.subList(0, layers.size() - 1) : List.of());
        all.add(cluster.bind());
        Optional<LoadedModule> contract =
                catalog.find(step.uses()).filter(m -> m.module() instanceof Interface);
        contract.ifPresent(module -> used.put(module.module().name(), module));
        if (contract.isPresent() && !scope.workflow().requires().contains(step.uses())) {
            problems.add(
                    step.location(),
                    "workflow.requires-missing",
                    "step " + step.name() + " uses the interface " + step.uses(),
                    "list it under `requires:` of " + scope.workflow().name());
        }
        return bindings.resolve(step, all);
    }

    private static Optional<String> groupOf(ScopeInstance scope, Step step) {
        return switch (step.target()) {
            case Step.Target.OnGroup(String group) -> Optional.of(scope.groupOf(group));
            case Step.Target.OnMember(String group, int _) -> Optional.of(scope.groupOf(group));
            case Step.Target.OnPeer(), Step.Target.OnEngine(), Step.Target.Nested(var _) ->
                    Optional.empty();
        };
    }

    /// What the steps of a workflow can name. A step that uses an interface shows its outputs only.
    private Scope names(ScopeInstance scope) {
        Map<String, Map<String, OutputSpec>> outputs = new LinkedHashMap<>();
        scope.steps.forEach((name, step) ->
                outputs.put(
                        name,
                        catalog.find(step.step.uses())
                                .map(module -> module.module().outputs())
                                .orElse(Map.of())));
        return Scope.ofWorkflow(
                scope.workflow().inputs(), outputs, Set.copyOf(scope.workflow().groups()));
    }

    private void compile(StepInstance instance, Scope names, List<Map<String, String>> layers) {
        Step step = instance.step;
        boolean onMachine =
                switch (step.target()) {
                    case Step.Target.OnGroup _, Step.Target.OnMember _, Step.Target.OnPeer _ ->
                            true;
                    case Step.Target.OnEngine _, Step.Target.Nested _ -> false;
                };
        step.forEach()
                .ifPresent(each ->
                        instance.items = Expressions.compileList(each.items(), names, problems));
        Scope scope = onMachine ? names.withMachine() : names;
        Optional<ItemKind> item = itemKind(instance);
        if (item.isPresent()) {
            scope = scope.withItem(item.get());
        }
        if (instance.isHandler()) {
            scope = scope.withFailure();
        }
        Scope inStep = scope;
        step.when()
                .ifPresent(
                        when -> instance.when = Expressions.compileBoolean(when, inStep, problems));
        step.mutex()
                .ifPresent(mutex ->
                        instance.mutex = Expressions.compile(mutex.name(), inStep, problems));
        step.needs()
                .keySet()
                .forEach(need -> {
                    if (!instance.scope.workflow().steps().containsKey(need)) {
                        problems.add(
                                step.location(),
                                "step.unknown-need",
                                "step " + step.name() + " needs " + need,
                                didYouMean(need, instance.scope.steps.keySet()));
                    }
                });
        switch (instance.module.module()) {
            case Task task -> compileTask(instance, task, inStep);
            case Workflow workflow -> nest(instance, workflow, inStep, layers);
            case Interface contract ->
                    problems.add(
                            step.location(),
                            "binding.interface",
                            "step " + step.name() + " is bound to the interface " + contract.name(),
                            "bind it to a task or a workflow");
            case BootEnvironment environment ->
                    problems.add(
                            step.location(),
                            "step.not-runnable",
                            "step "
                                    + step.name()
                                    + " uses the boot environment "
                                    + environment.name(),
                            "machines boot it: set the parameter " + BootEnvironment.PARAMETER);
        }
    }

    private static Optional<ItemKind> itemKind(StepInstance instance) {
        var items = instance.items;
        return items == null ? Optional.empty() : Optional.of(items.itemKind());
    }

    private void compileTask(StepInstance instance, Task task, Scope scope) {
        Step step = instance.step;
        used.put(task.name(), instance.module);
        if (step.target() instanceof Step.Target.Nested) {
            problems.add(
                    step.location(),
                    "step.no-target",
                    "step " + step.name() + " uses the task " + task.name() + " and says no `on`",
                    "say where it runs: `on: GROUP`, `on: GROUP[0]`, `on: engine`, `on: peer`");
        }
        step.until().ifPresent(until -> compileUntil(instance, task, until));
        requireInputs(task.inputs(), step.with(), step.location(), "step " + step.name(), task);
        step.with()
                .forEach((name, template) ->
                        instance.with.put(name, Expressions.compile(template, scope, problems)));
    }

    private void compileUntil(StepInstance instance, Task task, Step.Until until) {
        if (task.repeat() == Repeat.AT_MOST_ONCE) {
            problems.add(
                    until.condition().location(),
                    "step.until-once",
                    "step "
                            + instance.step.name()
                            + " iterates, and the task "
                            + task.name()
                            + " must not happen twice",
                    "make the task `repeat: idempotent`, or take `until` away");
        }
        Map<String, OutputSpec> outputs =
                catalog.find(instance.step.uses())
                        .map(module -> module.module().outputs())
                        .orElse(task.outputs());
        instance.until =
                Expressions.compileBoolean(until.condition(), Scope.ofOutputs(outputs), problems);
    }

    private void nest(
            StepInstance instance,
            Workflow workflow,
            Scope scope,
            List<Map<String, String>> layers) {
        Step step = instance.step;
        if (!(step.target() instanceof Step.Target.Nested(Map<String, String> mapping))) {
            problems.add(
                    step.location(),
                    "step.not-nested",
                    "step " + step.name() + " uses the workflow " + workflow.name() + " with `on`",
                    "say `groups: {inner: outer}` instead of `on`");
            return;
        }
        if (step.forEach().isPresent()
                || step.when().isPresent()
                || step.retry().isPresent()
                || step.until().isPresent()
                || step.strategy().isPresent()
                || step.mutex().isPresent()
                || step.parallel()) {
            problems.add(
                    step.location(),
                    "step.nested-control",
                    "step "
                            + step.name()
                            + " nests a workflow: `when`, `for_each`, `retry`, `until`, `strategy`,"
                            + " `mutex` and `parallel` go on"
                            + " its steps",
                    null);
        }
        Map<String, String> groups = new LinkedHashMap<>();
        for (String inner : workflow.groups()) {
            String outer = mapping.getOrDefault(inner, inner);
            if (!instance.scope.workflow().groups().contains(outer)) {
                problems.add(
                        step.location(),
                        "step.unknown-group",
                        "step " + step.name() + " gives no group for " + inner,
                        "map it under `groups:` to one of " + instance.scope.workflow().groups());
            }
            groups.put(inner, instance.scope.groupOf(outer));
        }
        ScopeInstance inner =
                new ScopeInstance(instance.path(), instance.module, Optional.of(instance), groups);
        compileInputs(inner, step.with(), scope, step.location(), "step " + step.name());
        instance.nested = inner;
        List<Map<String, String>> around = new ArrayList<>();
        around.add(step.bind());
        around.addAll(layers);
        fill(inner, around);
    }

    private static @Nullable String didYouMean(String name, Collection<String> known) {
        return Names.nearest(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse(known.isEmpty() ? null : "known: " + String.join(", ", known));
    }
}
