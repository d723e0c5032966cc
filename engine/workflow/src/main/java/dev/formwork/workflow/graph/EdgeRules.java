package dev.formwork.workflow.graph;

import dev.formwork.model.module.Step;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules that make edges (docs/ordering.md):
///
/// 1. data flow: what a step reads comes before it;
/// 2. `needs`;
/// 3. joining: an iteration over `groups.g.joining` comes before the joining machine's other steps,
///    but those that it needs itself;
/// 4. leaving: an iteration over `groups.g.leaving` comes before what it leaves behind is undone
///    and the machine removed; and so does everything that stays and refers to the group.
///
/// [TurnRules] adds those of `strategy`.
final class EdgeRules {
    private final Draft draft;
    private final Membership membership;
    private final Evaluation evaluation;

    // Asked for by each node that comes after them: none is found twice.
    private final Map<StepInstance, List<NodeKey>> nodes = new HashMap<>();
    private final Map<StepInstance, Map<Optional<String>, List<NodeKey>>> byMachine =
            new HashMap<>();
    private final Map<String, Optional<NodeKey>> boots = new HashMap<>();

    EdgeRules(Draft draft, Membership membership, Evaluation evaluation) {
        this.draft = draft;
        this.membership = membership;
        this.evaluation = evaluation;
    }

    void dataFlow(StepInstance step) {
        Set<Reference> references = step.references();
        for (NodeKey key : nodes(step)) {
            Evaluation.Place place = Evaluation.Place.of(step, key);
            references.forEach(
                    reference -> comesBefore(reference, place, key, step.step.partial()));
        }
    }

    private void comesBefore(
            Reference reference, Evaluation.Place place, NodeKey reader, boolean partial) {
        switch (reference) {
            case Reference.Input(String name) -> inputBefore(name, place, reader, partial);
            case Reference.Param(String name) -> inputBefore(name, place, reader, partial);
            case Reference.StepOutput output -> outputBefore(output, place, reader, partial);
            case Reference.Members members -> {
                if (members.live() && members.subset() != Reference.Subset.LEAVING) {
                    bootsBefore(members, place, reader);
                }
            }
            case Reference.Item(boolean live) -> {
                // What is known of a machine that leaves is on record; another may boot in its
                // name.
                boolean leaves =
                        place.step()
                                .filter(step -> step.iterates(Reference.Subset.LEAVING))
                                .isPresent();
                if (live && !leaves) {
                    place.item()
                            .ifPresent(
                                    item -> draft.order(NodeKey.of("machine:boot", item), reader));
                }
            }
            // A step comes after its own machine's boot in any case.
            case Reference.Machine _ -> {}
            // FailureRules has a step come after what it runs for.
            case Reference.Failure _,
                    Reference.Boot _,
                    Reference.OwnOutput _,
                    Reference.ClusterName _,
                    Reference.ClusterOutput _ -> {}
        }
    }

    private void inputBefore(String name, Evaluation.Place place, NodeKey reader, boolean partial) {
        place.scope()
                .enclosing
                .ifPresent(outer -> {
                    CompiledTemplate given = place.scope().with.get(name);
                    if (given != null) {
                        Evaluation.Place around = Evaluation.Place.inside(outer.scope);
                        allBefore(given, around, reader, partial);
                    }
                });
    }

    private void allBefore(
            CompiledTemplate template, Evaluation.Place place, NodeKey reader, boolean partial) {
        template.references().forEach(r -> comesBefore(r, place, reader, partial));
    }

    private void outputBefore(
            Reference.StepOutput output, Evaluation.Place place, NodeKey reader, boolean partial) {
        StepInstance step = place.scope().steps.get(output.step());
        if (step == null) {
            return;
        }
        if (step.nested != null) {
            CompiledTemplate result = step.nested.results.get(output.output());
            if (result != null) {
                allBefore(result, Evaluation.Place.inside(step.nested), reader, partial);
            }
            return;
        }
        switch (output.which()) {
            case SAME, EACH ->
                    Nodes.read(step, output.which(), place, membership)
                            .ifPresent(key -> draft.order(key, reader));
            case ALL -> wholeBefore(step, reader, partial);
        }
    }

    private void wholeBefore(StepInstance step, NodeKey reader, boolean partial) {
        NodeKey gate = draft.gate(step.path(), nodes(step), partial);
        draft.order(gate, reader);
    }

    private void bootsBefore(Reference.Members members, Evaluation.Place place, NodeKey reader) {
        String group = place.scope().groupOf(members.group());
        String name =
                "machine:boot/" + group + "/" + members.subset().name().toLowerCase(Locale.ROOT);
        boots.computeIfAbsent(name, _ -> boots(name, members, place))
                .ifPresent(gate -> draft.order(gate, reader));
    }

    private Optional<NodeKey> boots(
            String name, Reference.Members members, Evaluation.Place place) {
        List<NodeKey> joined =
                evaluation.subset(members, place).stream()
                        .map(member -> NodeKey.of("machine:boot", member.name()))
                        .filter(draft::has)
                        .toList();
        return joined.isEmpty() ? Optional.empty() : Optional.of(draft.gate(name, joined, false));
    }

    void needs(StepInstance step) {
        step.step
                .needs()
                .forEach((name, scope) -> {
                    StepInstance needed = step.scope.steps.get(name);
                    if (needed != null) {
                        need(step, needed, scope);
                    }
                });
        for (StepInstance nesting : nesting(step)) {
            for (String name : nesting.step.needs().keySet()) {
                StepInstance needed = nesting.scope.steps.get(name);
                if (needed != null) {
                    nodes(step)
                            .forEach(reader -> wholeBefore(needed, reader, nesting.step.partial()));
                }
            }
        }
    }

    private static List<StepInstance> needed(StepInstance step) {
        return step.step.needs().keySet().stream()
                .flatMap(name -> Stream.ofNullable(step.scope.steps.get(name)))
                .toList();
    }

    /// The steps that nest the workflow that a step is in, and those around it.
    private static List<StepInstance> nesting(StepInstance step) {
        List<StepInstance> all = new ArrayList<>();
        Optional<StepInstance> at = step.scope.enclosing;
        while (at.isPresent()) {
            all.add(at.get());
            at = at.get().scope.enclosing;
        }
        return all;
    }

    private void need(StepInstance step, StepInstance needed, Step.NeedScope scope) {
        for (NodeKey reader : nodes(step)) {
            if (scope == Step.NeedScope.ALL || needed.nested != null) {
                wholeBefore(needed, reader, step.step.partial());
                continue;
            }
            Reference.Which which = needed.iterates() ? Reference.Which.EACH : Reference.Which.SAME;
            Nodes.read(needed, which, Evaluation.Place.of(step, reader), membership)
                    .ifPresent(key -> draft.order(key, reader));
        }
    }

    void joining(List<StepInstance> steps) {
        for (StepInstance joining : steps) {
            if (!joining.iterates(Reference.Subset.JOINING)) {
                continue;
            }
            Set<String> ancestors = ancestors(joining, steps);
            for (NodeKey iteration : nodes(joining)) {
                for (StepInstance step : steps) {
                    if (!step.path().equals(joining.path())
                            && !ancestors.contains(step.path())
                            && inScope(step, joining.scope)) {
                        on(iteration.item(), step).forEach(key -> draft.order(iteration, key));
                    }
                }
            }
        }
    }

    private static boolean inScope(StepInstance step, ScopeInstance scope) {
        return scope.path.isEmpty() || step.path().startsWith(scope.path + "/");
    }

    /// Paths of the steps that `step` comes after by data flow and `needs`, however far back.
    private static Set<String> ancestors(StepInstance step, List<StepInstance> steps) {
        Set<String> found = new HashSet<>();
        Deque<StepInstance> open = new ArrayDeque<>(List.of(step));
        while (!open.isEmpty()) {
            StepInstance at = open.pop();
            List<StepInstance> before = new ArrayList<>();
            at.references().stream()
                    .filter(Reference.StepOutput.class::isInstance)
                    .map(r -> ((Reference.StepOutput) r).step())
                    .flatMap(name -> Stream.ofNullable(at.scope.steps.get(name)))
                    .forEach(before::add);
            before.addAll(needed(at));
            nesting(at).forEach(nesting -> before.addAll(needed(nesting)));
            for (StepInstance earlier : before) {
                for (StepInstance candidate : steps) {
                    boolean within =
                            candidate.path().equals(earlier.path())
                                    || candidate.path().startsWith(earlier.path() + "/");
                    if (within && found.add(candidate.path())) {
                        open.push(candidate);
                    }
                }
            }
        }
        return found;
    }

    /// @param undos the UNDO nodes there are
    void leaving(List<StepInstance> steps, Collection<NodeKey> undos) {
        for (StepInstance step : steps) {
            if (step.iterates(Reference.Subset.LEAVING)) {
                nodes(step)
                        .forEach(iteration ->
                                beforeDeparture(iteration, iteration.item().orElseThrow(), undos));
            }
        }
        for (Member leaver : membership.all()) {
            if (leaver.wanted() || membership.wantedNamed(leaver.name()).isPresent()) {
                continue;
            }
            List<NodeKey> referring = new ArrayList<>();
            for (StepInstance step : steps) {
                if (refersTo(step, leaver.group())) {
                    referring.addAll(nodes(step));
                }
            }
            if (!referring.isEmpty()) {
                NodeKey gate = draft.gate("groups/" + leaver.group(), referring, false);
                beforeDeparture(gate, leaver.name(), undos);
            }
        }
    }

    private void beforeDeparture(NodeKey earlier, String leaver, Collection<NodeKey> undos) {
        draft.order(earlier, draft.departure(leaver));
        undos.stream()
                .filter(undo -> undo.machine().filter(leaver::equals).isPresent())
                .forEach(undo -> draft.order(earlier, undo));
    }

    /// Reads who is in the group now; an iteration over those who leave is no such reader.
    private static boolean refersTo(StepInstance step, String group) {
        return step.references().stream()
                .filter(Reference.Members.class::isInstance)
                .map(Reference.Members.class::cast)
                .anyMatch(members ->
                        members.subset() != Reference.Subset.LEAVING
                                && step.scope.groupOf(members.group()).equals(group));
    }

    private List<NodeKey> nodes(StepInstance step) {
        return nodes.computeIfAbsent(step, _ -> Nodes.of(step, membership, evaluation));
    }

    private List<NodeKey> on(Optional<String> machine, StepInstance step) {
        return byMachine
                .computeIfAbsent(
                        step,
                        _ -> nodes(step).stream().collect(Collectors.groupingBy(NodeKey::machine)))
                .getOrDefault(machine, List.of());
    }
}
