package dev.formwork.workflow.graph;

import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Step;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.Machines;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// Computes what references mean at a place in the graph, in a world that may have unknowns.
final class Evaluation {
    private final String cluster;
    private final Membership membership;
    private final Pinned pinned;
    private final World world;

    Evaluation(String cluster, Membership membership, Pinned pinned, World world) {
        this.cluster = cluster;
        this.membership = membership;
        this.pinned = pinned;
        this.world = world;
    }

    /// Where an expression stands.
    ///
    /// @param step whose item and partiality count; empty for a workflow's outputs
    /// @param machine the machine's name, or `engine`
    /// @param seen the machine whose parameters stand for inputs, where one does
    record Place(
            ScopeInstance scope,
            Optional<StepInstance> step,
            Optional<String> machine,
            Optional<String> item,
            Optional<Seen> seen) {
        static Place of(StepInstance step, NodeKey key) {
            return new Place(
                    step.scope, Optional.of(step), key.machine(), key.item(), Optional.empty());
        }

        static Place inside(ScopeInstance scope) {
            return inside(scope, Optional.empty());
        }

        static Place inside(ScopeInstance scope, Optional<Seen> seen) {
            return new Place(scope, Optional.empty(), Optional.empty(), Optional.empty(), seen);
        }

        /// The same inputs, as they are on the machine that the step runs on.
        private Place fromMachine() {
            return inside(
                    scope, machine.map(name -> new Seen(name, step.flatMap(StepInstance::group))));
        }
    }

    /// A machine from which inputs are looked at.
    ///
    /// @param group the cluster's name of the group that it is in
    record Seen(String machine, Optional<String> group) {}

    Resolution<Value> template(CompiledTemplate template, Place place) {
        return evaluate(template.references(), template::evaluate, place);
    }

    /// Evaluates something once all that it reads is known.
    <T> Resolution<T> evaluate(
            Collection<Reference> references,
            Function<Function<Reference, Value>, T> body,
            Place place) {
        Map<Reference, Value> values = new HashMap<>();
        SortedSet<NodeKey> causes = new TreeSet<>();
        for (Reference reference : references) {
            switch (value(reference, place)) {
                case Resolution.Known<Value>(Value value) -> values.put(reference, value);
                case Resolution.Unknown<Value>(SortedSet<NodeKey> unknown) ->
                        causes.addAll(unknown);
            }
        }
        if (!causes.isEmpty()) {
            return new Resolution.Unknown<>(causes);
        }
        return new Resolution.Known<>(
                body.apply(reference -> {
                    Value value = values.get(reference);
                    if (value == null) {
                        throw new IllegalStateException(
                                reference + " was not declared as a reference");
                    }
                    return value;
                }));
    }

    private Resolution<Value> value(Reference reference, Place place) {
        return switch (reference) {
            case Reference.Input(String name) -> input(name, place);
            case Reference.Param(String name) -> input(name, place.fromMachine());
            case Reference.StepOutput output -> stepOutput(output, place);
            case Reference.Members members -> members(members, place);
            case Reference.Machine(boolean live) -> machine(place.machine().orElseThrow(), live);
            case Reference.Item(boolean live) -> item(place, live);
            case Reference.Failure(String field) -> failure(field, place);
            case Reference.OwnOutput _, Reference.Boot _ ->
                    throw new IllegalStateException(reference + " is no part of the graph");
            case Reference.ClusterName() -> known(Value.of(cluster));
            case Reference.ClusterOutput(String other, String output) ->
                    known(pinned.clusterOutputs().getOrDefault(other + "." + output, Value.nil()));
        };
    }

    Resolution<Value> input(String name, Place place) {
        ScopeInstance scope = place.scope();
        InputSpec spec = scope.workflow().inputs().get(name);
        Optional<Value> own = own(name, place);
        if (own.isPresent()) {
            return known(marked(own.get(), spec));
        }
        CompiledTemplate template = given(name, place);
        Value standard = spec == null ? Value.nil() : spec.standard().orElse(Value.nil());
        Resolution<Value> value =
                template == null ? known(standard) : template(template, enclosing(place));
        return value instanceof Resolution.Known<Value>(Value plain)
                ? known(marked(plain instanceof Value.Null ? standard : plain, spec))
                : value;
    }

    /// What the machine itself says; only inputs of the cluster's workflow are a machine's to give.
    private Optional<Value> own(String name, Place place) {
        return place.scope().enclosing.isPresent()
                ? Optional.empty()
                : place.seen()
                        .map(seen -> pinned.machine(seen.machine()).fields().get(name))
                        .filter(value -> !(value instanceof Value.Null));
    }

    private static @Nullable CompiledTemplate given(String name, Place place) {
        ScopeInstance scope = place.scope();
        CompiledTemplate ofGroup =
                place.seen()
                        .flatMap(Seen::group)
                        .map(group -> scope.groupWith.getOrDefault(group, Map.of()).get(name))
                        .orElse(null);
        return ofGroup == null ? scope.with.get(name) : ofGroup;
    }

    private static Place enclosing(Place place) {
        ScopeInstance scope = place.scope();
        return scope.enclosing
                .map(step ->
                        new Place(
                                step.scope,
                                Optional.of(step),
                                Optional.empty(),
                                Optional.empty(),
                                place.seen()))
                .orElse(Place.inside(scope, place.seen()));
    }

    private static Value marked(Value value, @Nullable InputSpec spec) {
        return spec != null && spec.secret() && !(value instanceof Value.Null)
                ? new Value.Secret(value)
                : value;
    }

    private Resolution<Value> failure(String field, Place place) {
        StepInstance handler = place.step().flatMap(StepInstance::handler).orElseThrow();
        return switch (failure(handler, place)) {
            case Resolution.Known<Optional<Failure>>(Optional<Failure> failure) ->
                    known(failure.map(it -> Value.of(it.field(field))).orElse(Value.nil()));
            case Resolution.Unknown<Optional<Failure>>(SortedSet<NodeKey> causes) ->
                    new Resolution.Unknown<>(causes);
        };
    }

    /// The first failure, in the order of the steps and of ordinals, that a handler runs for.
    Resolution<Optional<Failure>> failure(StepInstance handler, Place place) {
        Optional<Failure> first = Optional.empty();
        SortedSet<NodeKey> causes = new TreeSet<>();
        for (NodeKey key : Nodes.handled(handler, place, membership, this)) {
            switch (world.failure(key)) {
                case Resolution.Known<Optional<Failure>>(Optional<Failure> failure) ->
                        first = first.or(() -> failure);
                case Resolution.Unknown<Optional<Failure>>(SortedSet<NodeKey> unknown) ->
                        causes.addAll(unknown);
            }
        }
        return causes.isEmpty() ? known(first) : new Resolution.Unknown<>(causes);
    }

    private Resolution<Value> stepOutput(Reference.StepOutput reference, Place place) {
        StepInstance step = place.scope().steps.get(reference.step());
        if (step == null) {
            throw new IllegalStateException("compiled with a step that is not there: " + reference);
        }
        if (step.nested != null) {
            CompiledTemplate result = step.nested.results.get(reference.output());
            return result == null
                    ? known(Value.nil())
                    : template(result, Place.inside(step.nested));
        }
        return switch (reference.which()) {
            case SAME, EACH ->
                    Nodes.read(step, reference.which(), place, membership)
                            .map(key -> output(key, reference.output()))
                            .orElseGet(() -> known(Value.nil()));
            case ALL -> allOutputs(step, reference.output());
        };
    }

    private Resolution<Value> output(NodeKey key, String name) {
        return switch (world.outputs(key)) {
            case Outputs.Known(Value.Struct values) ->
                    known(values.fields().getOrDefault(name, Value.nil()));
            case Outputs.Skipped _, Outputs.Missing _ -> known(Value.nil());
            case Outputs.Unknown _ -> new Resolution.Unknown<>(new TreeSet<>(List.of(key)));
        };
    }

    private Resolution<Value> allOutputs(StepInstance step, String name) {
        List<Value> values = new ArrayList<>();
        SortedSet<NodeKey> causes = new TreeSet<>();
        boolean secret = false;
        for (NodeKey key : Nodes.of(step, membership, this)) {
            switch (world.outputs(key)) {
                case Outputs.Known(Value.Struct outputs) -> {
                    Value value = outputs.fields().getOrDefault(name, Value.nil());
                    secret |= value instanceof Value.Secret;
                    values.add(value instanceof Value.Secret(Value plain) ? plain : value);
                }
                case Outputs.Skipped _, Outputs.Missing _ -> {}
                case Outputs.Unknown _ -> causes.add(key);
            }
        }
        if (!causes.isEmpty()) {
            return new Resolution.Unknown<>(causes);
        }
        Value list = Value.of(values);
        return known(secret ? new Value.Secret(list) : list);
    }

    private Resolution<Value> members(Reference.Members reference, Place place) {
        List<Value> values = new ArrayList<>();
        SortedSet<NodeKey> causes = new TreeSet<>();
        for (Member member : subset(reference, place)) {
            Resolution<Value> value = describe(member, reference.live());
            switch (value) {
                case Resolution.Known<Value>(Value machine) -> values.add(machine);
                case Resolution.Unknown<Value>(SortedSet<NodeKey> unknown) ->
                        causes.addAll(unknown);
            }
        }
        return causes.isEmpty() ? known(Value.of(values)) : new Resolution.Unknown<>(causes);
    }

    List<Member> subset(Reference.Members reference, Place place) {
        String group = place.scope().groupOf(reference.group());
        return switch (reference.subset()) {
            case WANTED -> membership.wanted(group);
            case STANDING -> membership.standing(group);
            case JOINING -> membership.joining(group);
            case LEAVING -> membership.leaving(group);
        };
    }

    private Resolution<Value> machine(String name, boolean live) {
        return membership
                .wantedNamed(name)
                .map(member -> describe(member, live))
                .orElseGet(() -> known(Value.of(Map.of(Machines.NAME, Value.of(name)))));
    }

    private Resolution<Value> item(Place place, boolean live) {
        StepInstance step = place.step().orElseThrow();
        String item = place.item().orElseThrow();
        if (!step.iteratesMachines()) {
            return Nodes.items(step, this)
                            instanceof Resolution.Known<List<Value>>(List<Value> items)
                    ? known(at(items, Integer.parseInt(item)))
                    : items(step);
        }
        boolean leaves = step.iterates(Reference.Subset.LEAVING);
        return membership.named(item).stream()
                .filter(member -> member.wanted() != leaves)
                .findFirst()
                .map(member -> describe(member, live))
                .orElseGet(() -> known(Value.nil()));
    }

    private Resolution<Value> items(StepInstance step) {
        return switch (Nodes.items(step, this)) {
            case Resolution.Known<List<Value>>(List<Value> items) -> known(Value.of(items));
            case Resolution.Unknown<List<Value>>(SortedSet<NodeKey> causes) ->
                    new Resolution.Unknown<>(causes);
        };
    }

    private static Value at(List<Value> items, int index) {
        return index < items.size() ? items.get(index) : Value.nil();
    }

    private Resolution<Value> describe(Member member, boolean live) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put(Machines.NAME, Value.of(member.name()));
        fields.put(Machines.ORDINAL, Value.of((long) member.ordinal()));
        fields.put(Machines.GROUP, Value.of(member.group()));
        if (live) {
            Optional<Value.Struct> more =
                    member.wanted() ? world.live(member.name()) : world.lastKnown(member.name());
            if (more.isEmpty()) {
                return new Resolution.Unknown<>(
                        new TreeSet<>(List.of(NodeKey.of("machine:boot", member.name()))));
            }
            fields.putAll(more.get().fields());
        }
        return known(Value.of(fields));
    }

    /// The outputs of a workflow, secrets marked.
    Resolution<Value.Struct> results(ScopeInstance scope) {
        Map<String, Value> values = new LinkedHashMap<>();
        SortedSet<NodeKey> causes = new TreeSet<>();
        scope.results.forEach((name, template) -> {
            switch (template(template, Place.inside(scope))) {
                case Resolution.Known<Value>(Value value) -> {
                    OutputSpec spec = scope.workflow().outputs().get(name);
                    values.put(
                            name, spec != null && spec.secret() ? new Value.Secret(value) : value);
                }
                case Resolution.Unknown<Value>(SortedSet<NodeKey> unknown) ->
                        causes.addAll(unknown);
            }
        });
        return causes.isEmpty()
                ? new Resolution.Known<>(Value.of(values))
                : new Resolution.Unknown<>(causes);
    }

    private static <T> Resolution<T> known(T value) {
        return new Resolution.Known<>(value);
    }

    /// Of a [Step.Target]: whether the step runs on each machine of a group.
    static boolean onWholeGroup(StepInstance step) {
        return step.step.target() instanceof Step.Target.OnGroup;
    }
}
