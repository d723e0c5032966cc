package dev.formwork.workflow.plan;

import dev.formwork.model.Location;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.Interface;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Workflow;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.workflow.expression.CompiledCondition;
import dev.formwork.workflow.expression.Expressions;
import dev.formwork.workflow.expression.Scope;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineView;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes a plan out of one module on chosen machines (`formwork run`): a cluster of its own for the
/// time of the run, whose workflow has that one step. The machines stay where they belong.
///
/// @param spec to be planned with [Plan.Kind#MODULE]
/// @param yaml the same as text; holds the given values, so it is stored sealed
/// @param workflow to be added to the catalog and stored like any other module
public record ModuleRun(ClusterSpec spec, String yaml, LoadedModule workflow) {
    private static final String GROUP = "machines";

    /// @param name a DNS label that no other cluster has
    /// @param machines names, in the order of their turns
    /// @param with values of the module's inputs
    /// @throws ProblemException `run.not-runnable`, `run.no-machines`, and what is wrong with the
    ///   values
    public static ModuleRun of(
            String name, LoadedModule module, List<String> machines, Value.Struct with) {
        if (module.module() instanceof Interface) {
            throw ProblemException.of(
                    "run.not-runnable",
                    module.module().name() + " is an interface",
                    "run one of the modules that provide it");
        }
        if (machines.isEmpty()) {
            throw ProblemException.of(
                    "run.no-machines", "no machine was chosen", "`formwork machines` lists them");
        }
        LoadedModule workflow = workflow(name, module, with);
        String yaml = cluster(name, workflow, machines, with);
        return new ModuleRun(ClusterLoader.load("run", yaml), yaml, workflow);
    }

    private static LoadedModule workflow(String name, LoadedModule module, Value.Struct with) {
        Map<String, Value> inputs = new LinkedHashMap<>();
        Map<String, Value> given = new LinkedHashMap<>();
        Set<String> handed = new LinkedHashSet<>(with.fields().keySet());
        if (module.module() instanceof Workflow nested) {
            // So that machines have a say in what was not given.
            nested.inputs().values().stream()
                    .filter(input -> input.standard().isPresent())
                    .forEach(input -> handed.add(input.name()));
        }
        handed.forEach(key -> {
            InputSpec input = module.module().inputs().get(key);
            Map<String, Value> schema = new LinkedHashMap<>();
            if (input != null) {
                schema.putAll(input.schema().fields());
                input.standard().ifPresent(value -> schema.put("default", literal(value)));
                if (input.secret()) {
                    schema.put("secret", Value.of(true));
                }
            }
            inputs.put(key, Value.of(schema));
            given.put(key, Value.of("${{ inputs." + key + " }}"));
        });
        Map<String, Value> step = new LinkedHashMap<>();
        step.put("uses", Value.of(module.module().name()));
        if (module.module() instanceof Workflow nested) {
            Map<String, Value> groups = new LinkedHashMap<>();
            nested.groups().forEach(group -> groups.put(group, Value.of(GROUP)));
            step.put("groups", Value.of(groups));
        } else {
            step.put("on", Value.of(GROUP));
        }
        step.put("with", Value.of(given));
        Map<String, Value> definition = new LinkedHashMap<>();
        definition.put("kind", Value.of("Workflow"));
        definition.put("name", Value.of("run/" + name));
        definition.put("version", Value.of("1.0.0"));
        definition.put("summary", Value.of("Runs " + module.module().name()));
        definition.put("groups", Value.of(List.of(Value.of(GROUP))));
        definition.put("inputs", Value.of(inputs));
        definition.put("steps", Value.of(Map.of("run", Value.of(step))));
        byte[] text = ValueJson.write(Value.of(definition)).getBytes(StandardCharsets.UTF_8);
        return ModuleLoader.load(new FileTree(Map.of(ModuleLoader.FILE, text)));
    }

    private static String cluster(
            String name, LoadedModule workflow, List<String> machines, Value.Struct with) {
        Map<String, Value> values = new LinkedHashMap<>();
        with.fields().forEach((key, value) -> values.put(key, literal(value)));
        Map<String, Value> definition = new LinkedHashMap<>();
        definition.put("kind", Value.of("Cluster"));
        definition.put("name", Value.of(name));
        definition.put("workflow", Value.of(workflow.module().name()));
        Value names = Value.of(machines.stream().map(Value::of).toList());
        definition.put("groups", Value.of(Map.of(GROUP, Value.of(Map.of("machines", names)))));
        definition.put("with", Value.of(values));
        return ValueJson.write(Value.of(definition));
    }

    /// Given values are taken as they are: nothing in them is an expression.
    private static Value literal(Value value) {
        return switch (value) {
            case Value.Text(String text) -> Value.of(text.replace("${{", "$${{"));
            case Value.Sequence(List<Value> items) ->
                    Value.of(items.stream().map(ModuleRun::literal).toList());
            case Value.Struct(Map<String, Value> fields) -> {
                Map<String, Value> literals = new LinkedHashMap<>();
                fields.forEach((key, field) -> literals.put(key, literal(field)));
                yield Value.of(literals);
            }
            case Value.Secret(Value revealed) -> literal(revealed);
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> value;
        };
    }

    /// The machines for which a condition holds, such as `machine.facts.os.id == 'debian'`; one on
    /// which it can't be evaluated is not chosen.
    ///
    /// @param where CEL of type bool over `machine`
    /// @throws ProblemException `expression.*`
    public static List<String> select(String where, Collection<Machine> machines) {
        Problems problems = new Problems();
        CompiledCondition condition =
                Expressions.compileBoolean(
                        new Expression(where, new Location("--where", 1, 1)),
                        Scope.EMPTY.withMachine(),
                        problems);
        problems.throwIfAny();
        return machines.stream()
                .filter(machine -> !machine.name().equals(NodeKey.ENGINE))
                .filter(MachineView::isUp)
                .filter(machine -> holds(condition, machine))
                .map(Machine::name)
                .sorted()
                .toList();
    }

    private static boolean holds(CompiledCondition condition, Machine machine) {
        Value view = MachineView.whole(machine);
        try {
            return condition.test(_ -> view);
        } catch (ProblemException e) {
            return false;
        }
    }
}
