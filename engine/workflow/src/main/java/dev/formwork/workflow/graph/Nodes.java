package dev.formwork.workflow.graph;

import dev.formwork.model.Problem;
import dev.formwork.model.module.Step;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.Machines;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Which nodes a step has, and which of them another node reads.
final class Nodes {
    private Nodes() {}

    /// The step's nodes in the order of ordinals, then of items. A list of items that is not known
    /// yet has as many as its `max` allows.
    static List<NodeKey> of(StepInstance step, Membership membership, Evaluation evaluation) {
        if (step.nested != null) {
            List<NodeKey> inner = new ArrayList<>();
            step.nested.steps.values().forEach(s -> inner.addAll(of(s, membership, evaluation)));
            return inner;
        }
        List<NodeKey> keys = new ArrayList<>();
        for (String machine : machines(step, membership)) {
            if (step.iterates()) {
                for (String item : itemNames(step, evaluation)) {
                    keys.add(new NodeKey(step.path(), Optional.of(item), Optional.of(machine)));
                }
            } else {
                keys.add(NodeKey.of(step.path(), machine));
            }
        }
        return keys;
    }

    static List<String> machines(StepInstance step, Membership membership) {
        return switch (step.step.target()) {
            case Step.Target.OnGroup _ ->
                    membership.wanted(step.group().orElseThrow()).stream()
                            .map(Member::name)
                            .toList();
            case Step.Target.OnMember(String _, int index) -> {
                List<Member> wanted = membership.wanted(step.group().orElseThrow());
                yield index < wanted.size() ? List.of(wanted.get(index).name()) : List.of();
            }
            case Step.Target.OnEngine() -> List.of(NodeKey.ENGINE);
            case Step.Target.OnPeer() ->
                    step.group().flatMap(membership::peer).map(Member::name).stream().toList();
            case Step.Target.Nested _ -> List.of();
        };
    }

    private static List<String> itemNames(StepInstance step, Evaluation evaluation) {
        return switch (items(step, evaluation)) {
            case Resolution.Known<List<Value>>(List<Value> items) ->
                    step.iteratesMachines()
                            ? items.stream().map(Nodes::machineName).toList()
                            : numbers(items.size());
            case Resolution.Unknown<List<Value>> _ ->
                    numbers(step.step.forEach().flatMap(Step.ForEach::max).orElse(0));
        };
    }

    static Resolution<List<Value>> items(StepInstance step, Evaluation evaluation) {
        var list = step.items;
        if (list == null) {
            return new Resolution.Known<>(List.of());
        }
        return evaluation.evaluate(
                list.references(), list::items, Evaluation.Place.inside(step.scope));
    }

    /// A list that is known at run time only may have more items than there are nodes for.
    static Optional<Problem> tooMany(StepInstance step, int items) {
        return step.step
                .forEach()
                .flatMap(Step.ForEach::max)
                .filter(max -> items > max)
                .map(max ->
                        Problem.at(
                                step.step.location(),
                                "step.too-many-items",
                                "step "
                                        + step.path()
                                        + " iterates over "
                                        + items
                                        + " items and allows "
                                        + max,
                                "raise `max`"));
    }

    private static String machineName(Value machine) {
        if (machine instanceof Value.Struct(Map<String, Value> fields)
                && fields.get(Machines.NAME) instanceof Value.Text(String name)) {
            return name;
        }
        throw new IllegalStateException("a machine without a name");
    }

    /// The nodes that a handler runs for: those about its machine, where it runs on each of a group
    /// and they are about machines; otherwise all of what it handles.
    static List<NodeKey> handled(
            StepInstance handler,
            Evaluation.Place reader,
            Membership membership,
            Evaluation evaluation) {
        List<NodeKey> all = new ArrayList<>();
        handler.handled.forEach(step -> all.addAll(of(step, membership, evaluation)));
        Optional<String> machine = reader.machine();
        List<NodeKey> here =
                Evaluation.onWholeGroup(handler)
                        ? all.stream()
                                .filter(key -> machine.isPresent() && key.machine().equals(machine))
                                .toList()
                        : List.of();
        return here.isEmpty() ? all : here;
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /// The one node that `steps.S.outputs` (SAME) or `steps.S.each.outputs` (EACH) means to a
    /// reader; empty where there is none, such as the joining iteration of a machine that stands.
    static Optional<NodeKey> read(
            StepInstance step, Reference.Which which, Evaluation.Place reader, Membership members) {
        if (which == Reference.Which.EACH) {
            Optional<String> item = readersMachine(reader);
            return item.flatMap(name ->
                    runsOn(step, members)
                            .filter(_ -> iteratesOver(step, name, members))
                            .map(machine ->
                                    new NodeKey(
                                            step.path(), Optional.of(name), Optional.of(machine))));
        }
        return switch (step.step.target()) {
            case Step.Target.OnGroup _ ->
                    reader.machine().map(machine -> NodeKey.of(step.path(), machine));
            case Step.Target.OnMember _, Step.Target.OnEngine _, Step.Target.OnPeer _ ->
                    runsOn(step, members).map(machine -> NodeKey.of(step.path(), machine));
            case Step.Target.Nested _ -> Optional.empty();
        };
    }

    /// The first machine of those that a step runs on.
    private static Optional<String> runsOn(StepInstance step, Membership members) {
        return step.step.target() instanceof Step.Target.OnGroup
                ? members.wanted(step.group().orElseThrow()).stream().map(Member::name).findFirst()
                : machines(step, members).stream().findFirst();
    }

    /// The machine that a reader is about: the item, where it iterates over machines, else its own.
    private static Optional<String> readersMachine(Evaluation.Place reader) {
        return reader.step().filter(StepInstance::iteratesMachines).isPresent()
                ? reader.item()
                : reader.machine();
    }

    private static boolean iteratesOver(StepInstance step, String machine, Membership members) {
        Optional<Reference.Members> iterated = step.iterated();
        if (iterated.isEmpty() || !step.iteratesMachines()) {
            return false;
        }
        String group = step.scope.groupOf(iterated.get().group());
        return members.named(machine).stream()
                .filter(member -> member.group().equals(group))
                .anyMatch(member ->
                        switch (iterated.get().subset()) {
                            case WANTED -> member.wanted();
                            case STANDING -> member.role() == Member.Role.STANDING;
                            case JOINING -> member.role() == Member.Role.JOINING;
                            case LEAVING -> member.role() == Member.Role.LEAVING;
                        });
    }
}
