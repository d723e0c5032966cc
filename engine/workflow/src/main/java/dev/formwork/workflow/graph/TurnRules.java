package dev.formwork.workflow.graph;

import dev.formwork.model.module.Step;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.membership.Membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Makes the machines of a step take turns (`strategy`, docs/planning.md). A turn is a node of its
/// own, `turn:step@machine`; the step comes after it. With `max_parallel: n` it waits until the
/// turn of the n-th before it is over, well or not; whether another may begin after a failure is
/// the engine's to say, which counts them.
final class TurnRules {
    private final Draft draft;
    private final Membership membership;
    private final Evaluation evaluation;

    TurnRules(Draft draft, Membership membership, Evaluation evaluation) {
        this.draft = draft;
        this.membership = membership;
        this.evaluation = evaluation;
    }

    void strategies(List<StepInstance> steps) {
        for (StepInstance step : steps) {
            step.step.strategy().ifPresent(strategy -> strategy(step, strategy, steps));
        }
    }

    private void strategy(StepInstance step, Step.Strategy strategy, List<StepInstance> steps) {
        boolean formsFirst = step.group().filter(membership::stands).isEmpty();
        List<NodeKey> nodes = nodes(step);
        if (nodes.size() < 2 || (strategy.onlyWhenChanging() && formsFirst)) {
            return;
        }
        int most = strategy.maxParallel().atLeast(nodes.size());
        int canaries = strategy.canary().atLeast(nodes.size());
        int failures = strategy.maxFailures().atMost(nodes.size());
        StepInstance gate = strategy.gate().map(step.scope.steps::get).orElse(null);
        Map<Optional<String>, List<NodeKey>> last = gate == null ? Map.of() : byMachine(gate);
        Map<Optional<String>, List<NodeKey>> peers = joining(step, steps);
        List<NodeKey> ends = new ArrayList<>();
        nodes.forEach(node -> ends.add(end(step, last, node)));
        for (int i = 0; i < nodes.size(); i++) {
            NodeKey node = nodes.get(i);
            NodeKey turn = new NodeKey("turn:" + step.path(), node.item(), node.machine());
            draft.turn(turn, new Turn(step.path(), most, failures, ends.get(i)));
            draft.order(turn, node);
            peers.getOrDefault(turn.machine(), List.of()).forEach(key -> draft.order(turn, key));
            if (i >= most) {
                draft.orderSettled(ends.get(i - most), turn);
            }
            if (canaries > 0 && i >= canaries) {
                NodeKey all = NodeKey.gate("canary:" + step.path());
                draft.order(draft.join(all, ends.subList(0, canaries), false), turn);
            }
        }
    }

    /// What peers do for each machine that joins: its turn begins before.
    private Map<Optional<String>, List<NodeKey>> joining(
            StepInstance step, List<StepInstance> steps) {
        return steps.stream()
                .filter(joining ->
                        joining.scope == step.scope
                                && joining.iterates(Reference.Subset.JOINING)
                                && Evaluation.onWholeGroup(step))
                .flatMap(joining -> nodes(joining).stream())
                .collect(Collectors.groupingBy(NodeKey::item));
    }

    /// The nodes of a step by the machine that each is about.
    private Map<Optional<String>, List<NodeKey>> byMachine(StepInstance step) {
        return nodes(step).stream()
                .collect(
                        Collectors.groupingBy(
                                step.iteratesMachines() ? NodeKey::item : NodeKey::machine));
    }

    /// When a turn is over: for a machine that leaves, when it is gone; otherwise with the gate
    /// that the strategy names, or with the step.
    ///
    /// @param gate its nodes, by the machine that each is about
    private NodeKey end(
            StepInstance step, Map<Optional<String>, List<NodeKey>> gate, NodeKey node) {
        if (step.iterates(Reference.Subset.LEAVING)) {
            NodeKey removal = draft.departure(node.item().orElseThrow());
            return draft.has(removal) ? removal : node;
        }
        Optional<String> machine = step.iteratesMachines() ? node.item() : node.machine();
        List<NodeKey> last = gate.getOrDefault(machine, List.of());
        last.forEach(key -> draft.order(node, key));
        return switch (last.size()) {
            case 0 -> node;
            case 1 -> last.getFirst();
            default ->
                    draft.join(
                            new NodeKey("turned:" + step.path(), node.item(), node.machine()),
                            last,
                            false);
        };
    }

    private List<NodeKey> nodes(StepInstance step) {
        return Nodes.of(step, membership, evaluation);
    }
}
