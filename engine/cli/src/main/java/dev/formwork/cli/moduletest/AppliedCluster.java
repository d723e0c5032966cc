package dev.formwork.cli.moduletest;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problems;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Composer;
import dev.formwork.workflow.graph.Composition;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineParams;
import dev.formwork.workflow.machine.MachineView;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.schema.Schemas;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The records that a plan leaves where every node succeeds, with outputs made up from their
/// schemas: what stands before a test begins.
final class AppliedCluster {
    private final Map<String, Machine> machines = new TreeMap<>();
    private final Map<NodeKey, StepResult> results = new TreeMap<>();
    private Optional<Cluster> recorded = Optional.empty();

    Collection<Machine> machines() {
        return machines.values();
    }

    Collection<StepResult> results() {
        return results.values();
    }

    Optional<Cluster> recorded() {
        return recorded;
    }

    void apply(
            Plan plan,
            ClusterSpec cluster,
            Catalog catalog,
            Fingerprinter fingerprinter,
            Schemas schemas) {
        Problems problems = new Problems();
        Optional<Composition> composition = Composer.compose(cluster, catalog, problems);
        problems.throwIfAny();
        plan.members().stream().filter(Member::wanted).forEach(this::make);
        Membership membership = new Membership(plan.members().stream().map(this::made).toList());
        Records world = new Records(membership);
        for (PlannedNode node : plan.nodes()) {
            if (node.action() == Action.STEP) {
                StepWork work =
                        composition
                                .orElseThrow()
                                .work(node.key(), membership, plan.source().pinned(), schemas);
                run(node, work, world, fingerprinter, plan);
            }
        }
        TreeSet<String> formed = new TreeSet<>();
        plan.members().forEach(member -> formed.add(member.group()));
        recorded =
                Optional.of(
                        new Cluster(
                                plan.cluster(),
                                formed,
                                Value.Struct.EMPTY,
                                plan.source().clusterYaml()));
    }

    private void make(Member member) {
        int id = machines.size() + 1;
        machines.put(
                member.name(),
                new Machine(
                        new MachineId("m-" + id),
                        member.name(),
                        Optional.of(
                                new Machine.Placement(
                                        TestCluster.NAME, member.group(), member.ordinal(), true)),
                        Optional.of("local"),
                        Optional.of("i-" + id),
                        Machine.State.READY,
                        1,
                        Optional.of("127.64.0." + id),
                        Value.Struct.EMPTY,
                        Optional.of("boot"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Instant.EPOCH),
                        MachineParams.NONE,
                        Optional.empty(),
                        NetworkBoot.NONE));
    }

    private Member made(Member member) {
        return new Member(
                member.group(),
                member.ordinal(),
                member.name(),
                member.role(),
                Optional.ofNullable(machines.get(member.name())).map(Machine::id),
                member.gone(),
                member.provider());
    }

    private void run(
            PlannedNode node,
            StepWork work,
            Records world,
            Fingerprinter fingerprinter,
            Plan plan) {
        if (work.when(world) instanceof Resolution.Known<Boolean>(Boolean wanted) && !wanted) {
            return;
        }
        if (!(work.inputs(world) instanceof Resolution.Known<Value.Struct>(Value.Struct inputs))) {
            throw new IllegalStateException("unknown inputs of " + node.key());
        }
        String machine = node.key().machine().orElse(NodeKey.ENGINE);
        results.put(
                node.key(),
                new StepResult(
                        plan.cluster(),
                        node.key(),
                        Optional.ofNullable(machines.get(machine))
                                .map(Machine::incarnationKey)
                                .orElse(NodeKey.ENGINE),
                        fingerprinter.of(work.module(), inputs),
                        work.module().lock(),
                        inputs,
                        MadeUpOutputs.of(work.task(), node.key()),
                        stepsBefore(node, plan),
                        work.event(),
                        false,
                        new RunId("r-1")));
    }

    private static SortedSet<NodeKey> stepsBefore(PlannedNode node, Plan plan) {
        Map<NodeKey, PlannedNode> nodes = new HashMap<>();
        plan.nodes().forEach(each -> nodes.put(each.key(), each));
        TreeSet<NodeKey> steps = new TreeSet<>();
        for (NodeKey before : node.after()) {
            PlannedNode gate = nodes.get(before);
            if (gate != null && gate.action() == Action.GATE) {
                steps.addAll(gate.after());
                steps.addAll(gate.afterSettled());
            } else {
                steps.add(before);
            }
        }
        return steps;
    }

    /// The world in which all is recorded: what is not was skipped.
    private final class Records implements World {
        private final Membership membership;

        Records(Membership membership) {
            this.membership = membership;
        }

        @Override
        public Outputs outputs(NodeKey step) {
            StepResult result = results.get(step);
            return result == null ? new Outputs.Skipped() : new Outputs.Known(result.outputs());
        }

        @Override
        public Optional<Value.Struct> live(String machine) {
            return membership
                    .wantedNamed(machine)
                    .flatMap(member -> Optional.ofNullable(machines.get(member.name())))
                    .map(MachineView::of);
        }

        @Override
        public Optional<Value.Struct> lastKnown(String machine) {
            return Optional.ofNullable(machines.get(machine)).map(MachineView::of);
        }
    }
}
