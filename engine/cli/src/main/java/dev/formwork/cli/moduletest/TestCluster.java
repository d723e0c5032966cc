package dev.formwork.cli.moduletest;

import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.ModuleTest;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;
import dev.formwork.model.yaml.ModuleLoader;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The cluster `test` that a test stands for. A workflow is applied as it is; a task becomes the
/// one step of a workflow. All is written as JSON, which is YAML.
final class TestCluster {
    static final String NAME = "test";

    private static final String WORKFLOW = "formwork-test/workflow";
    private static final String OUTPUTS = "formwork-test/outputs";
    private static final String ENGINE = "engine";

    private final LoadedModule module;
    private final ModuleTest test;

    TestCluster(LoadedModule module, ModuleTest test) {
        this.module = module;
        this.test = test;
    }

    private boolean task() {
        return module.module() instanceof Task;
    }

    /// The step that is the task: the last part of its name.
    String step() {
        String name = module.module().name();
        String last = name.substring(name.lastIndexOf('/') + 1).replace('-', '_');
        return Character.isDigit(last.charAt(0)) ? "s" + last : last;
    }

    /// @param standing with as many machines as stand, rather than as are wanted
    String yaml(boolean standing) {
        Map<String, Value> groups = new LinkedHashMap<>();
        test.machines()
                .forEach((name, machines) ->
                        groups.put(
                                name,
                                Value.of(
                                        fields(
                                                "count",
                                                Value.of(
                                                        standing
                                                                ? machines.standing()
                                                                : machines.count()),
                                                "provider",
                                                Value.of("local")))));
        Map<String, Value> cluster =
                fields(
                        "kind", Value.of("Cluster"),
                        "name", Value.of(NAME),
                        "workflow", Value.of(task() ? WORKFLOW : module.module().name()),
                        "groups", Value.of(groups));
        if (!test.bind().isEmpty()) {
            Map<String, Value> bind = new TreeMap<>();
            test.bind().forEach((contract, name) -> bind.put(contract, Value.of(name)));
            cluster.put("bind", Value.of(bind));
        }
        if (!task() && !test.with().isEmpty()) {
            cluster.put("with", literal(Value.of(test.with())));
        }
        return ValueJson.write(Value.of(cluster));
    }

    /// The modules that exist for this test only.
    ///
    /// @param outputs where a second step writes the outputs, so that the test can read them
    List<LoadedModule> modules(Optional<Path> outputs) {
        return task() ? List.of(load(workflow(outputs)), load(outputsTask())) : List.of();
    }

    /// A pack with those and the module itself.
    FileTree pack(Optional<Path> outputs) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put(
                "pack.yaml",
                bytes(
                        fields(
                                "kind", Value.of("Pack"),
                                "name", Value.of("formwork-test"),
                                "version", Value.of("1.0.0"))));
        if (task()) {
            files.put("workflow/module.yaml", bytes(workflow(outputs)));
            files.put("outputs/module.yaml", bytes(outputsTask()));
        }
        module.files()
                .only(path -> !path.startsWith("tests/"))
                .files()
                .forEach((path, content) -> files.put("module/" + path, content));
        return new FileTree(files);
    }

    private Map<String, Value> workflow(Optional<Path> outputs) {
        List<Value> groups = new ArrayList<>();
        test.machines().keySet().forEach(group -> groups.add(Value.of(group)));
        String on = test.machines().keySet().stream().findFirst().orElse(ENGINE);
        Map<String, Value> steps = new LinkedHashMap<>();
        steps.put(
                step(),
                Value.of(
                        fields(
                                "on", Value.of(on),
                                "uses", Value.of(module.module().name()),
                                "with", literal(Value.of(test.with())))));
        outputs.ifPresent(folder -> steps.put(step() + "_outputs", outputsStep(on, folder)));
        return fields(
                "kind", Value.of("Workflow"),
                "name", Value.of(WORKFLOW),
                "version", Value.of("1.0.0"),
                "groups", Value.of(groups),
                "steps", Value.of(steps));
    }

    private Value outputsStep(String on, Path folder) {
        Map<String, Value> values = new LinkedHashMap<>();
        test.expect()
                .outputs()
                .keySet()
                .forEach(name ->
                        values.put(
                                name,
                                Value.of("${{ steps." + step() + ".outputs." + name + " }}")));
        Value path = literal(Value.of(folder.toString()));
        return Value.of(
                fields(
                        "on", Value.of(on),
                        "uses", Value.of(OUTPUTS),
                        "with", Value.of(fields("folder", path, "values", Value.of(values)))));
    }

    /// Leaves its inputs, secrets too, in a folder that only the test's user can read.
    private static Map<String, Value> outputsTask() {
        return fields(
                "kind", Value.of("Task"),
                "name", Value.of(OUTPUTS),
                "version", Value.of("1.0.0"),
                "inputs",
                        Value.of(
                                fields(
                                        "folder", Value.of(fields("type", Value.of("string"))),
                                        "values", Value.of(fields("type", Value.of("object"))))),
                "run",
                        Value.of(
                                fields(
                                        "inline",
                                        Value.of(
                                                """
                                                cp "$FORMWORK_INPUTS" "$INPUT_FOLDER/.new"
                                                mv "$INPUT_FOLDER/.new" "$INPUT_FOLDER/outputs.json"
                                                """))));
    }

    private static LoadedModule load(Map<String, Value> module) {
        return ModuleLoader.load(new FileTree(Map.of(ModuleLoader.FILE, bytes(module))));
    }

    /// What looks like an expression is none: a test's values are constants.
    private static Value literal(Value value) {
        return switch (value) {
            case Value.Text(String text) -> Value.of(text.replace("${{", "$${{"));
            case Value.Sequence(List<Value> items) ->
                    Value.of(items.stream().map(TestCluster::literal).toList());
            case Value.Struct(Map<String, Value> inner) -> {
                Map<String, Value> copy = new LinkedHashMap<>();
                inner.forEach((key, field) -> copy.put(key, literal(field)));
                yield Value.of(copy);
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Secret _ -> value;
        };
    }

    private static byte[] bytes(Map<String, Value> fields) {
        return ValueJson.write(Value.of(fields)).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Value> fields(Object... keysAndValues) {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], (Value) keysAndValues[i + 1]);
        }
        return fields;
    }
}
