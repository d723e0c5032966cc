package dev.formwork.workflow.graph;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OnFailure;
import dev.formwork.model.module.Step;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.CompiledCondition;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.schema.Schemas;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// [StepWork] of a compiled step.
final class CompiledStepWork implements StepWork {
    private final StepInstance step;
    private final NodeKey key;
    private final String cluster;
    private final Membership membership;
    private final Pinned pinned;
    private final Schemas schemas;

    CompiledStepWork(
            StepInstance step,
            NodeKey key,
            String cluster,
            Membership membership,
            Pinned pinned,
            Schemas schemas) {
        this.step = step;
        this.key = key;
        this.cluster = cluster;
        this.membership = membership;
        this.pinned = pinned;
        this.schemas = schemas;
    }

    @Override
    public NodeKey key() {
        return key;
    }

    @Override
    public LoadedModule module() {
        return step.module;
    }

    @Override
    public boolean event() {
        return step.event() || handles();
    }

    @Override
    public boolean handles() {
        return step.handler().isPresent();
    }

    @Override
    public Optional<String> undoes() {
        return step.undoes();
    }

    @Override
    public boolean tolerated() {
        return step.onFailure() instanceof OnFailure.Continue;
    }

    @Override
    public Optional<Step.Retry> retry() {
        return step.step.retry();
    }

    @Override
    public Optional<Until> until() {
        CompiledCondition condition = step.until;
        return condition == null
                ? Optional.empty()
                : step.step
                        .until()
                        .map(until ->
                                new Until(
                                        until.max(),
                                        until.delay(),
                                        outputs -> condition.test(own -> output(own, outputs))));
    }

    private static Value output(Reference own, Value.Struct outputs) {
        return own instanceof Reference.OwnOutput(String name)
                ? outputs.fields().getOrDefault(name, Value.nil())
                : Value.nil();
    }

    @Override
    public Duration timeout() {
        return step.step.timeout().orElseGet(() -> task().timeout());
    }

    @Override
    public Resolution<Boolean> when(World world) {
        Evaluation evaluation = evaluation(world);
        Optional<StepInstance> handler = step.handler();
        if (handler.isPresent()) {
            switch (evaluation.failure(handler.get(), place())) {
                case Resolution.Unknown<Optional<Failure>>(SortedSet<NodeKey> causes) -> {
                    return new Resolution.Unknown<>(causes);
                }
                case Resolution.Known<Optional<Failure>>(Optional<Failure> failure) -> {
                    if (failure.isEmpty()) {
                        return new Resolution.Known<>(false);
                    }
                }
            }
        }
        if (step.iterates() && !step.iteratesMachines()) {
            int index = Integer.parseInt(key.item().orElseThrow());
            switch (Nodes.items(step, evaluation)) {
                case Resolution.Unknown<List<Value>>(SortedSet<NodeKey> causes) -> {
                    return new Resolution.Unknown<>(causes);
                }
                case Resolution.Known<List<Value>>(List<Value> items) -> {
                    Nodes.tooMany(step, items.size())
                            .ifPresent(problem -> {
                                throw problem.exception();
                            });
                    if (index >= items.size()) {
                        return new Resolution.Known<>(false);
                    }
                }
            }
        }
        var condition = step.when;
        return condition == null
                ? new Resolution.Known<>(true)
                : evaluation.evaluate(condition.references(), condition::test, place());
    }

    @Override
    public boolean parallel() {
        return step.step.parallel();
    }

    @Override
    public Resolution<Optional<Mutex>> mutex(World world) {
        CompiledTemplate template = step.mutex;
        if (template == null) {
            return new Resolution.Known<>(Optional.empty());
        }
        return switch (evaluation(world).template(template, place())) {
            case Resolution.Unknown<Value>(SortedSet<NodeKey> causes) ->
                    new Resolution.Unknown<>(causes);
            case Resolution.Known<Value>(Value value) ->
                    new Resolution.Known<>(Optional.of(mutex(value)));
        };
    }

    @Override
    public boolean hasMutex() {
        return step.mutex != null;
    }

    private Mutex mutex(Value value) {
        Step.Mutex declared = step.step.mutex().orElseThrow();
        if (value instanceof Value.Text(String name) && Step.Mutex.NAME.matcher(name).matches()) {
            return new Mutex(name, declared.max());
        }
        throw ProblemException.of(
                "step.bad-mutex",
                "the name of its mutex is not one: "
                        + (value instanceof Value.Text(String text)
                                ? "'" + Names.abbreviate(text) + "'"
                                : "it is no text"),
                "letters, digits and . _ : / @ -, at most 200, a letter or digit first");
    }

    @Override
    public Resolution<Value.Struct> inputs(World world) {
        Evaluation evaluation = evaluation(world);
        Map<String, Value> values = new LinkedHashMap<>();
        SortedSet<NodeKey> causes = new TreeSet<>();
        Problems problems = new Problems();
        for (InputSpec input : task().inputs().values()) {
            switch (input(input, evaluation)) {
                case Resolution.Known<Value>(Value value) -> {
                    values.put(input.name(), value);
                    validate(input, value, problems);
                }
                case Resolution.Unknown<Value>(SortedSet<NodeKey> unknown) ->
                        causes.addAll(unknown);
            }
        }
        problems.throwIfAny();
        return causes.isEmpty()
                ? new Resolution.Known<>(Value.of(values))
                : new Resolution.Unknown<>(causes);
    }

    @Override
    public Value.Struct knownInputs(World world) {
        Evaluation evaluation = evaluation(world);
        Map<String, Value> values = new LinkedHashMap<>();
        for (InputSpec input : task().inputs().values()) {
            if (input(input, evaluation) instanceof Resolution.Known<Value>(Value value)) {
                values.put(input.name(), value);
            }
        }
        return Value.of(values);
    }

    private Resolution<Value> input(InputSpec input, Evaluation evaluation) {
        CompiledTemplate template = step.with.get(input.name());
        Resolution<Value> given =
                template == null
                        ? new Resolution.Known<>(Value.nil())
                        : evaluation.template(template, place());
        if (!(given instanceof Resolution.Known<Value>(Value value))) {
            return given;
        }
        Value chosen = value instanceof Value.Null ? input.standard().orElse(value) : value;
        boolean seal = input.secret() && !(chosen instanceof Value.Null);
        return new Resolution.Known<>(seal ? new Value.Secret(chosen) : chosen);
    }

    private void validate(InputSpec input, Value value, Problems problems) {
        schemas.validate(
                Schemas.Kind.INPUT,
                input.name(),
                value,
                input.schema(),
                Optional.ofNullable(step.step.with().get(input.name()))
                        .map(template -> template.location())
                        .orElse(step.step.location()),
                problems);
    }

    private Evaluation evaluation(World world) {
        return new Evaluation(cluster, membership, pinned, world);
    }

    private Evaluation.Place place() {
        return Evaluation.Place.of(step, key);
    }
}
