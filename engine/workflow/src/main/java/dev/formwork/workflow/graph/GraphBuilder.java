package dev.formwork.workflow.graph;

import dev.formwork.model.Problems;
import dev.formwork.model.module.Step;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.schema.Schemas;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Expands a [Composition] over its members into a [Graph]: one node per step and machine,
/// machines' own nodes, undo of what is no longer wanted, and the edges that data flow, `needs`,
/// membership and `strategy` make.
public final class GraphBuilder {
    private final Optional<Composition> composition;
    private final Membership membership;
    private final Map<String, Machine> machines;
    private final Recorded recorded;
    private final Pinned pinned;
    private final Schemas schemas;
    private final Evaluation evaluation;
    private final Problems problems;
    private final Draft draft = new Draft();

    /// @param composition empty when the cluster is destroyed
    /// @param machines by id
    /// @param problems gets `workflow.cycle`, `step.unknown-for-each`, `step.too-many-items`,
    ///   `expression.failed`
    public GraphBuilder(
            String cluster,
            Optional<Composition> composition,
            Membership membership,
            Map<String, Machine> machines,
            Recorded recorded,
            Pinned pinned,
            Schemas schemas,
            World world,
            Problems problems) {
        this.composition = composition;
        this.membership = membership;
        this.machines = Map.copyOf(machines);
        this.recorded = recorded;
        this.pinned = pinned;
        this.schemas = schemas;
        this.evaluation = new Evaluation(cluster, membership, pinned, world);
        this.problems = problems;
    }

    public Graph build() {
        List<StepInstance> steps = composition.map(Composition::tasks).orElse(List.of());
        addMachines();
        steps.forEach(this::addNodes);
        EdgeRules edges = new EdgeRules(draft, membership, evaluation);
        steps.forEach(edges::dataFlow);
        steps.forEach(edges::needs);
        new FailureRules(draft, membership, evaluation).handlers(steps);
        edges.joining(steps);
        new TurnRules(draft, membership, evaluation).strategies(steps);
        Undoing undoing = new Undoing(draft, membership, machines, recorded);
        undoing.considerAll();
        edges.leaving(steps, undoing.undone().keySet());
        new RollbackRules(draft, membership, evaluation).rollbacks(steps);
        LimitRules limits = new LimitRules(draft, membership, evaluation);
        composition.ifPresent(each -> limits.limits(each.root()));
        return new Graph(draft.sorted(problems), undoing.undone(), undoing.forget());
    }

    private void addMachines() {
        for (Member member : membership.all()) {
            Optional<Machine> machine = member.machine().map(id -> machines.get(id.value()));
            boolean pooled = member.pool().isPresent();
            NodeKey create =
                    NodeKey.of(pooled ? "machine:allocate" : "machine:create", member.name());
            NodeKey boot = NodeKey.of("machine:boot", member.name());
            if (!member.wanted()) {
                draft.add(
                        NodeKey.of(pooled ? "machine:release" : "machine:remove", member.name()),
                        pooled ? Action.RELEASE : Action.REMOVE,
                        null,
                        member);
                continue;
            }
            // A run that had it switched on for the cluster may not have got that far.
            boolean off = pooled && machine.filter(Pooled::isOff).isPresent();
            if (off || machine.isEmpty() || machine.get().state() == Machine.State.REQUESTED) {
                draft.add(create, pooled ? Action.ALLOCATE : Action.CREATE, null, member);
            }
            if (off
                    || machine.isEmpty()
                    || machine.get().state() == Machine.State.REQUESTED
                    || machine.get().state() == Machine.State.BOOTING) {
                draft.add(boot, Action.BOOT, null, member);
                draft.order(create, boot);
            }
        }
        for (Member member : membership.all()) {
            NodeKey departure = draft.departure(member.name());
            draft.order(departure, NodeKey.of("machine:create", member.name()));
            draft.order(departure, NodeKey.of("machine:allocate", member.name()));
        }
    }

    private void addNodes(StepInstance step) {
        if (step.iterates()) {
            switch (Nodes.items(step, evaluation)) {
                case Resolution.Known<List<Value>>(List<Value> items) ->
                        Nodes.tooMany(step, items.size())
                                .ifPresent(problem -> problems.addAll(List.of(problem)));
                case Resolution.Unknown<List<Value>> _ -> {
                    if (step.step.forEach().flatMap(Step.ForEach::max).isEmpty()) {
                        problems.add(
                                step.step.location(),
                                "step.unknown-for-each",
                                "step "
                                        + step.path()
                                        + " iterates over a list that is known only at run time",
                                "say how many there can be: `for_each: {in: ..., max: 10}`");
                    }
                }
            }
        }
        for (NodeKey key : Nodes.of(step, membership, evaluation)) {
            StepWork work = composition.orElseThrow().work(key, membership, pinned, schemas);
            draft.add(key, Action.STEP, work, null);
            key.machine().ifPresent(m -> draft.order(NodeKey.of("machine:boot", m), key));
        }
    }
}
