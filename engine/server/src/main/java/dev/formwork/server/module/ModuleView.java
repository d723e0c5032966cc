package dev.formwork.server.module;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.Interface;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Module;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.module.Workflow;
import dev.formwork.model.value.Value;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `Module` of the API.
record ModuleView(
        String name,
        String version,
        String kind,
        String summary,
        String digest,
        List<String> provides,
        Optional<List<String>> providedBy,
        List<Input> inputs,
        List<Output> outputs,
        Optional<TaskPart> task,
        Optional<WorkflowPart> workflow) {

    record Input(
            String name,
            Value.Struct schema,
            boolean required,
            @JsonProperty("default") Optional<Value> standard,
            boolean secret,
            boolean ignoreOnChange) {
        static Input of(InputSpec spec) {
            return new Input(
                    spec.name(),
                    spec.schema(),
                    spec.standard().isEmpty(),
                    spec.secret() ? spec.standard().map(Value.Secret::new) : spec.standard(),
                    spec.secret(),
                    spec.ignoreOnChange());
        }
    }

    record Output(String name, Value.Struct schema, boolean secret) {
        static Output of(OutputSpec spec) {
            return new Output(spec.name(), spec.schema(), spec.secret());
        }
    }

    record TaskPart(
            String runner,
            List<String> effects,
            String repeat,
            long timeoutSeconds,
            boolean check,
            boolean undo) {
        static TaskPart of(Task task) {
            return new TaskPart(
                    task.runner(),
                    task.effects().stream().sorted().map(Effect::word).toList(),
                    task.repeat().word(),
                    task.timeout().toSeconds(),
                    task.check().isPresent(),
                    task.undo().isPresent());
        }
    }

    record WorkflowPart(List<String> groups, List<String> requires, List<StepPart> steps) {
        static WorkflowPart of(Workflow workflow) {
            return new WorkflowPart(
                    workflow.groups(),
                    workflow.requires().stream().sorted().toList(),
                    workflow.steps().values().stream().map(StepPart::of).toList());
        }
    }

    record StepPart(String name, String uses, String on) {
        static StepPart of(Step step) {
            return new StepPart(step.name(), step.uses(), words(step.target()));
        }
    }

    static ModuleView of(LoadedModule loaded, Catalog catalog) {
        Module module = loaded.module();
        ModuleRef ref = ModuleRef.of(loaded);
        return new ModuleView(
                ref.name(),
                ref.version(),
                ref.kind(),
                ref.summary(),
                ref.digest(),
                module.header().provides().stream().sorted().toList(),
                module instanceof Interface
                        ? Optional.of(providers(module.name(), catalog))
                        : Optional.empty(),
                module.inputs().values().stream().map(Input::of).toList(),
                module.outputs().values().stream().map(Output::of).toList(),
                module instanceof Task task ? Optional.of(TaskPart.of(task)) : Optional.empty(),
                module instanceof Workflow workflow
                        ? Optional.of(WorkflowPart.of(workflow))
                        : Optional.empty());
    }

    private static List<String> providers(String name, Catalog catalog) {
        return catalog.modules().values().stream()
                .map(LoadedModule::module)
                .filter(module -> module.header().provides().contains(name))
                .map(Module::name)
                .toList();
    }

    private static String words(Step.Target target) {
        return switch (target) {
            case Step.Target.OnEngine _ -> "engine";
            case Step.Target.OnPeer _ -> "peer";
            case Step.Target.OnGroup(String group) -> group;
            case Step.Target.OnMember(String group, int index) -> group + "[" + index + "]";
            case Step.Target.Nested(Map<String, String> groups) ->
                    groups.entrySet().stream()
                            .map(entry -> entry.getValue() + " as " + entry.getKey())
                            .sorted()
                            .collect(Collectors.joining(", "));
        };
    }
}
