package dev.formwork.workflow.boot;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.BootFile;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.Expressions;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.expression.Scope;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineView;
import dev.formwork.workflow.schema.Schemas;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A boot environment with its expressions checked. Immutable and thread-safe.
public final class CompiledBootEnvironment {
    /// The address of the machine's files, without a slash at its end.
    public static final String FILES = "files";

    /// Host and port of the boot server, as the machine has reached it.
    public static final String SERVER = "server";

    /// An address that says, when it is asked for, that the machine's disk has a system now.
    public static final String DONE = "done";

    private static final Schemas SCHEMAS = new Schemas();

    private final BootEnvironment environment;
    private final List<BootTexts> arguments;
    private final Map<String, Content> files;

    private sealed interface Content {
        record Text(BootTexts text) implements Content {}

        record Json(CompiledTemplate value) implements Content {}
    }

    private CompiledBootEnvironment(
            BootEnvironment environment, List<BootTexts> arguments, Map<String, Content> files) {
        this.environment = environment;
        this.arguments = List.copyOf(arguments);
        this.files = Map.copyOf(files);
    }

    /// @param problems gets `expression.*`, and `boot.secret-input`
    public static CompiledBootEnvironment of(BootEnvironment environment, Problems problems) {
        environment.inputs().values().stream()
                .filter(InputSpec::secret)
                .forEach(input ->
                        problems.add(
                                input.location(),
                                "boot.secret-input",
                                "the input "
                                        + input.name()
                                        + " is secret, and what a machine"
                                        + " boots goes over the network for all to see",
                                "give a secret to an agent: it speaks TLS"));
        Scope line = Scope.ofBoot(environment.inputs(), Set.of(FILES, SERVER));
        Scope inFiles = Scope.ofBoot(environment.inputs(), Set.of(FILES, SERVER, DONE));
        Map<String, Content> files = new LinkedHashMap<>();
        environment
                .files()
                .forEach((path, file) ->
                        files.put(
                                path,
                                switch (file) {
                                    case BootFile.Text(var text) ->
                                            new Content.Text(BootTexts.of(text, inFiles, problems));
                                    case BootFile.Json(var value) ->
                                            new Content.Json(
                                                    Expressions.compile(value, inFiles, problems));
                                }));
        return new CompiledBootEnvironment(
                environment,
                environment.arguments().stream()
                        .map(each -> BootTexts.of(each, line, problems))
                        .toList(),
                files);
    }

    public BootEnvironment environment() {
        return environment;
    }

    /// What is known of the machine that boots.
    ///
    /// @param parameters its own, by name
    /// @param boot values of [#FILES], [#SERVER] and [#DONE]
    public record Given(Machine machine, Map<String, Value> parameters, Map<String, String> boot) {
        public Given {
            parameters = Map.copyOf(parameters);
            boot = Map.copyOf(boot);
        }
    }

    /// The kernel's command line, an argument each.
    ///
    /// @throws ProblemException `boot.input-missing`, `boot.unsafe-value`, `input.invalid`,
    ///   `expression.*`
    public List<String> arguments(Given given) {
        Problems problems = new Problems();
        Function<Reference, Value> values = values(given, problems);
        List<String> written =
                arguments.stream().map(each -> each.write(values, problems)).toList();
        problems.throwIfAny();
        return written;
    }

    /// A file as it is for the machine; empty where there is none of that path.
    ///
    /// @throws ProblemException as [#arguments]
    public Optional<String> file(String path, Given given) {
        return Optional.ofNullable(files.get(path)).map(file -> write(file, given));
    }

    private String write(Content file, Given given) {
        Problems problems = new Problems();
        Function<Reference, Value> values = values(given, problems);
        String written =
                switch (file) {
                    case Content.Text(BootTexts text) -> text.write(values, problems);
                    case Content.Json(CompiledTemplate value) ->
                            ValueJson.write(value.evaluate(values)) + "\n";
                };
        problems.throwIfAny();
        return written;
    }

    /// @param problems of inputs; where there are some, nothing is evaluated
    private Function<Reference, Value> values(Given given, Problems problems) {
        Map<String, Value> inputs = new LinkedHashMap<>();
        environment
                .inputs()
                .forEach((name, spec) -> {
                    Value own = given.parameters().getOrDefault(name, Value.nil());
                    Optional<Value> value =
                            own instanceof Value.Null ? spec.standard() : Optional.of(own);
                    if (value.isEmpty()) {
                        problems.addAll(List.of(missing(given, name)));
                        return;
                    }
                    SCHEMAS.validate(
                            Schemas.Kind.INPUT,
                            name,
                            value.get(),
                            spec.schema(),
                            spec.location(),
                            problems);
                    inputs.put(name, value.get());
                });
        problems.throwIfAny();
        return reference ->
                switch (reference) {
                    case Reference.Input(String name) -> inputs.getOrDefault(name, Value.nil());
                    case Reference.Param(String name) -> inputs.getOrDefault(name, Value.nil());
                    case Reference.Machine _ -> MachineView.whole(given.machine());
                    case Reference.Boot(String field) ->
                            Value.of(given.boot().getOrDefault(field, ""));
                    case Reference.ClusterName() ->
                            given.machine()
                                    .placement()
                                    .<Value>map(at -> Value.of(at.cluster()))
                                    .orElse(Value.of(""));
                    case Reference.OwnOutput _,
                            Reference.Failure _,
                            Reference.StepOutput _,
                            Reference.Members _,
                            Reference.Item _,
                            Reference.ClusterOutput _ ->
                            throw new IllegalStateException("not in scope: " + reference);
                };
    }

    private Problem missing(Given given, String name) {
        return Problem.of(
                "boot.input-missing",
                environment.name() + " has no value of " + name + " for " + given.machine().name(),
                "formwork machine set " + given.machine().name() + " " + name + "=...");
    }
}
