package dev.formwork.model.yaml;

import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.Download;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.Header;
import dev.formwork.model.module.HttpCall;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.Interface;
import dev.formwork.model.module.Module;
import dev.formwork.model.module.OnFailure;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.module.Template;
import dev.formwork.model.module.Workflow;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decodes the document of a `module.yaml`.
final class ModuleDecoder {
    static final List<String> KINDS = List.of("Task", "Workflow", "Interface", "BootEnvironment");

    private static final String FIRST_VERSION = "1.0.0";

    private final Decoding context;
    private final Templates templates;
    private final SchemaDecoder schemas;
    private final FileTree files;

    ModuleDecoder(Decoding context, FileTree files) {
        this.context = context;
        this.templates = new Templates(context);
        this.schemas = new SchemaDecoder(context);
        this.files = files;
    }

    Optional<Module> module(Marked document) {
        return Kinds.of(document, KINDS, context)
                .map(kind ->
                        switch (kind) {
                            case "Task" -> task(document);
                            case "Workflow" -> workflow(document);
                            case "Interface" -> contract(document);
                            default -> bootEnvironment(document);
                        });
    }

    private Task task(Marked document) {
        Fields fields = Fields.open(document, Shape.TASK, context);
        String runner =
                fields.map("runner", node -> context.name(node, NameRule.LABEL)).orElse("shell");
        Map<String, InputSpec> inputs = inputs(fields);
        Map<String, OutputSpec> outputs = outputs(fields);
        ScriptDecoder scripts =
                new ScriptDecoder(
                        context, files, runner, new HttpCallDecoder(context, inputs, outputs));
        Script run = fields.map("run", scripts::script).orElse(new Script.Inline(""));
        Optional<Script> check = fields.map("check", node -> scripts.check(node, run));
        Repeat repeat =
                fields.map("repeat", this::repeat).flatMap(word -> word).orElse(Repeat.IDEMPOTENT);
        if (repeat == Repeat.VERIFY_FIRST && !fields.has("check")) {
            context.report(
                    fields.find("repeat").orElse(document).at(),
                    "module.check-missing",
                    "repeat: verify-first asks `check`, and there is none",
                    "add check: scripts/check.sh");
        }
        if (runner.equals(HttpCall.RUNNER)) {
            checkRepeat(fields, "run");
            checkRepeat(fields, "undo");
        }
        return new Task(
                header(fields),
                inputs,
                outputs,
                fields.map("effects", this::effects).orElse(Set.of()),
                repeat,
                runner,
                new ContainerDecoder(context).of(fields, runner, document),
                new AnsibleDecoder(context, inputs).of(fields, runner),
                new TerraformDecoder(context, inputs).of(fields, runner),
                run,
                check,
                fields.map("undo", node -> scripts.undo(node, run)),
                fields.map("timeout", context::timeout).orElse(Task.DEFAULT_TIMEOUT));
    }

    /// That a call may be made twice is not to be assumed of a method that says it may not.
    private void checkRepeat(Fields fields, String script) {
        Optional<Marked> method =
                fields.find(script)
                        .flatMap(run -> Fields.reopen(run, Shape.CALL, context).find("method"));
        if (!fields.has("repeat")
                && method.isPresent()
                && HttpCall.NOT_IDEMPOTENT.contains(context.text(method.get()))) {
            context.report(
                    method.get().at(),
                    "module.repeat-missing",
                    "this method may do twice what it is to do once, and nobody says what then",
                    "add repeat: at-most-once, verify-first, or idempotent where it is harmless");
        }
    }

    private Optional<Repeat> repeat(Marked node) {
        return context.word(node, Repeat.words(), Repeat::ofWord);
    }

    private Set<Effect> effects(Marked node) {
        return context.distinct(node, item -> context.word(item, Effect.words(), Effect::ofWord));
    }

    private Interface contract(Marked document) {
        Fields fields = Fields.open(document, Shape.INTERFACE, context);
        return new Interface(header(fields), inputs(fields), outputs(fields));
    }

    private BootEnvironment bootEnvironment(Marked document) {
        Fields fields = Fields.open(document, Shape.BOOT_ENVIRONMENT, context);
        DownloadDecoder downloads = new DownloadDecoder(context);
        BootFileDecoder content = new BootFileDecoder(context, files);
        return new BootEnvironment(
                header(fields),
                inputs(fields),
                fields.map("kernel", downloads::download).orElse(new Download("", "")),
                fields.map("initrds", node -> context.list(node, downloads::download))
                        .orElse(List.of()),
                fields.map("arguments", node -> context.list(node, this::argument))
                        .orElse(List.of()),
                fields.map("files", content::files).orElse(Map.of()),
                fields.map("installs", context::flag).orElse(false));
    }

    private Template argument(Marked node) {
        if (!(node instanceof Marked.Scalar)) {
            context.wrongType(node, "a text");
        }
        return templates.template(node);
    }

    private Workflow workflow(Marked document) {
        Fields fields = Fields.open(document, Shape.WORKFLOW, context);
        List<String> groups = fields.map("groups", this::groups).orElse(List.of());
        Map<String, Template> results = new LinkedHashMap<>();
        Map<String, OutputSpec> outputs = new LinkedHashMap<>();
        fields.find("outputs").ifPresent(node -> results(node, outputs, results));
        return new Workflow(
                header(fields),
                fields.map("requires", node -> context.names(node, NameRule.MODULE))
                        .orElse(Set.of()),
                groups,
                inputs(fields),
                fields.map("steps", node -> steps(node, groups)).orElse(Map.of()),
                outputs,
                results,
                fields.map("timeout", context::timeout),
                fields.map("on_failure", node -> onFailure(node, fields)));
    }

    private OnFailure onFailure(Marked node, Fields workflow) {
        Set<String> steps = workflow.find("steps").map(ModuleDecoder::names).orElse(Set.of());
        return new OnFailureDecoder(context, steps).onFailure(node);
    }

    private static Set<String> names(Marked node) {
        return node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)
                ? entries.keySet()
                : Set.of();
    }

    private List<String> groups(Marked node) {
        Set<String> groups = context.names(node, NameRule.IDENTIFIER);
        for (String reserved : List.of(StepDecoder.ENGINE, StepDecoder.PEER)) {
            if (groups.contains(reserved)) {
                String detail = "a group cannot be called " + reserved;
                context.report(node.at(), "yaml.bad-name", detail, "`on: " + reserved + "` exists");
            }
        }
        return List.copyOf(groups);
    }

    private Map<String, Step> steps(Marked node, List<String> groups) {
        StepDecoder steps = new StepDecoder(context, groups, names(node));
        return context.map(node, NameRule.IDENTIFIER, steps::step);
    }

    private void results(
            Marked node, Map<String, OutputSpec> outputs, Map<String, Template> results) {
        context.map(
                node,
                NameRule.IDENTIFIER,
                entry -> {
                    OutputSpec output;
                    if (entry.value() instanceof Marked.Mapping) {
                        output = schemas.output(entry, Shape.RESULT);
                        Fields fields = Fields.reopen(entry.value(), Shape.RESULT, context);
                        fields.find("value")
                                .ifPresent(value ->
                                        results.put(entry.key(), templates.template(value)));
                    } else {
                        output = new OutputSpec(entry.key(), Value.Struct.EMPTY, false, entry.at());
                        results.put(entry.key(), templates.template(entry.value()));
                    }
                    outputs.put(entry.key(), output);
                    return output;
                });
    }

    private Map<String, InputSpec> inputs(Fields fields) {
        return fields.map("inputs", node -> context.map(node, NameRule.IDENTIFIER, schemas::input))
                .orElse(Map.of());
    }

    private Map<String, OutputSpec> outputs(Fields fields) {
        return fields.map(
                        "outputs",
                        node ->
                                context.map(
                                        node,
                                        NameRule.IDENTIFIER,
                                        entry -> schemas.output(entry, Shape.OUTPUT)))
                .orElse(Map.of());
    }

    private Header header(Fields fields) {
        return new Header(
                fields.name("name", NameRule.MODULE),
                fields.map("version", node -> Kinds.version(node, context)).orElse(FIRST_VERSION),
                fields.text("summary"),
                fields.knows("provides")
                        ? fields.map("provides", node -> context.names(node, NameRule.MODULE))
                                .orElse(Set.of())
                        : Set.of(),
                fields.at());
    }
}
