package dev.formwork.workflow.plan;

import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Graph;
import dev.formwork.workflow.graph.GraphNode;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Outputs;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.result.Fingerprinter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Decides on each STEP of a graph, in order: will it run, may it run, or does its result stand.
final class NodeDecisions {
    private final PlanRequest request;
    private final Membership membership;
    private final Map<String, Machine> machines;
    private final PlanningWorld world;
    private final Fingerprinter fingerprinter;
    private final PlanRequest.CheckAnswer unanswered;
    private final Map<NodeKey, StepResult> results = new HashMap<>();
    private final Set<NodeKey> outdated = new HashSet<>();
    private final Map<NodeKey, PlannedNode> planned = new HashMap<>();
    private final List<Planner.Check> checksWanted = new ArrayList<>();
    private Erasures erasures = new Erasures(List.of());

    /// @param planned every STEP by key
    /// @param checksWanted those whose decision hangs on a check
    /// @param unwanted those that are skipped and have run before
    record Outcome(
            Map<NodeKey, PlannedNode> planned,
            List<Planner.Check> checksWanted,
            SortedSet<NodeKey> unwanted) {}

    /// @param unanswered what a check is taken to say that gave no answer
    NodeDecisions(
            PlanRequest request,
            Membership membership,
            Map<String, Machine> machines,
            PlanningWorld world,
            Fingerprinter fingerprinter,
            PlanRequest.CheckAnswer unanswered) {
        this.unanswered = unanswered;
        this.request = request;
        this.membership = membership;
        this.machines = machines;
        this.world = world;
        this.fingerprinter = fingerprinter;
        for (StepResult result : request.results()) {
            if (counts(result)) {
                results.put(result.key(), result);
            } else {
                outdated.add(result.key());
            }
        }
    }

    /// The outputs of results that count: of machines in their present incarnation.
    Map<NodeKey, Outputs> counting() {
        Map<NodeKey, Outputs> outputs = new HashMap<>();
        results.forEach((key, result) -> outputs.put(key, new Outputs.Known(result.outputs())));
        return outputs;
    }

    Outcome decide(Graph graph) {
        Set<NodeKey> keys = graph.nodes().stream().map(GraphNode::key).collect(Collectors.toSet());
        // What is not in the graph reads as null: an iteration that a machine has no part in.
        request.results().stream()
                .map(StepResult::key)
                .filter(key -> !keys.contains(key))
                .forEach(key -> world.decide(key, new Outputs.Skipped()));
        erasures = new Erasures(graph.nodes());
        Set<NodeKey> handlers = new HashSet<>();
        for (GraphNode node : graph.nodes()) {
            if (node.action() == Action.STEP) {
                PlannedNode decided = decide(node, node.work().orElseThrow());
                planned.put(node.key(), decided);
                if (node.work().orElseThrow().handles()) {
                    handlers.add(node.key());
                }
                erasures.decided(decided, node.work().orElseThrow().task());
            }
        }
        TreeSet<NodeKey> unwanted = new TreeSet<>();
        planned.forEach((key, node) -> {
            if (node.decision() == Decision.SKIPPED
                    && results.containsKey(key)
                    && !handlers.contains(key)) {
                unwanted.add(key);
            }
        });
        return new Outcome(planned, checksWanted, unwanted);
    }

    private PlannedNode decide(GraphNode node, StepWork work) {
        StepResult result = work.handles() ? null : results.get(node.key());
        Resolution<Boolean> when = work.when(world);
        if (when instanceof Resolution.Known<Boolean>(Boolean wanted) && !wanted) {
            world.decide(node.key(), new Outputs.Skipped());
            String why = work.handles() ? "nothing can fail" : "its `when` is false";
            return node(node, work, Decision.SKIPPED, why, Optional.empty());
        }
        Verdict verdict = verdict(work, result);
        if (when instanceof Resolution.Unknown<Boolean>(SortedSet<NodeKey> causes)
                && verdict.decision == Decision.WILL_RUN) {
            verdict =
                    new Verdict(
                            Decision.MAY_RUN,
                            (work.handles()
                                            ? "only after a failure of "
                                            : "its `when` is known after ")
                                    + names(causes),
                            verdict.expected);
        }
        world.decide(
                node.key(),
                verdict.decision == Decision.UNCHANGED && result != null
                        ? new Outputs.Known(result.outputs())
                        : new Outputs.Unknown());
        return node(node, work, verdict.decision, verdict.reason, verdict.expected);
    }

    private record Verdict(Decision decision, String reason, Optional<Fingerprint> expected) {}

    private Verdict verdict(StepWork work, @Nullable StepResult result) {
        Resolution<Value.Struct> inputs = whatCounts(work);
        Optional<Fingerprint> expected =
                inputs instanceof Resolution.Known<Value.Struct>(Value.Struct known)
                        ? Optional.of(fingerprinter.of(work.module(), known))
                        : Optional.empty();
        if (request.kind() == Plan.Kind.MODULE) {
            return new Verdict(Decision.WILL_RUN, "asked for", expected);
        }
        if (result == null) {
            return new Verdict(Decision.WILL_RUN, firstTime(work.key()), expected);
        }
        if (result.tainted()) {
            return new Verdict(Decision.WILL_RUN, "tainted", expected);
        }
        Optional<Decision> erased = erasures.before(work.key());
        if (erased.filter(Decision.WILL_RUN::equals).isPresent()) {
            return new Verdict(Decision.WILL_RUN, "the machine is erased before it", expected);
        }
        if (inputs instanceof Resolution.Unknown<Value.Struct>(SortedSet<NodeKey> causes)) {
            Fingerprint partly = fingerprinter.of(work.module(), work.knownInputs(world));
            List<String> changed = changed(result.fingerprint(), partly, false);
            return changed.isEmpty()
                    ? new Verdict(
                            Decision.MAY_RUN, "reads what " + names(causes) + " gives", expected)
                    : new Verdict(Decision.WILL_RUN, said(changed), expected);
        }
        List<String> changed = changed(result.fingerprint(), expected.orElseThrow(), true);
        if (!changed.isEmpty()) {
            return new Verdict(Decision.WILL_RUN, said(changed), expected);
        }
        if (erased.isPresent()) {
            return new Verdict(Decision.MAY_RUN, "the machine may be erased before it", expected);
        }
        if (work.task().check().isEmpty() || work.event()) {
            return new Verdict(Decision.UNCHANGED, "", expected);
        }
        checksWanted.add(new Planner.Check(result, work.module()));
        PlanRequest.CheckAnswer answer = request.checks().getOrDefault(work.key(), unanswered);
        return switch (answer.kind()) {
            case HOLDS -> new Verdict(Decision.UNCHANGED, "", expected);
            case DOES_NOT_HOLD ->
                    new Verdict(
                            Decision.WILL_RUN,
                            "its check does not hold: "
                                    + (answer.detail().isEmpty()
                                            ? "it has drifted"
                                            : answer.detail()),
                            expected);
            case UNKNOWN ->
                    new Verdict(
                            Decision.MAY_RUN,
                            answer.detail().isEmpty()
                                    ? "its check gave no answer"
                                    : "its check gave no answer: " + answer.detail(),
                            expected);
        };
    }

    /// The inputs, known also where only those are not that matter at the first start.
    private Resolution<Value.Struct> whatCounts(StepWork work) {
        Resolution<Value.Struct> inputs = work.inputs(world);
        if (inputs instanceof Resolution.Unknown<Value.Struct>) {
            Value.Struct known = work.knownInputs(world);
            boolean enough =
                    work.task().inputs().values().stream()
                            .allMatch(input ->
                                    input.ignoreOnChange()
                                            || known.fields().containsKey(input.name()));
            if (enough) {
                return new Resolution.Known<>(known);
            }
        }
        return inputs;
    }

    private String firstTime(NodeKey key) {
        return outdated.contains(key) ? "the machine is a new one" : "first time";
    }

    /// Names of what differs; what is not known yet does not.
    private static List<String> changed(Fingerprint before, Fingerprint now, boolean all) {
        List<String> changed = new ArrayList<>();
        if (!before.code().equals(now.code())) {
            changed.add("code");
        }
        new TreeMap<>(now.inputs())
                .forEach((name, digest) -> {
                    if (!Objects.equals(before.inputs().get(name), digest)) {
                        changed.add(name);
                    }
                });
        if (all) {
            before.inputs().keySet().stream()
                    .filter(name -> !now.inputs().containsKey(name))
                    .forEach(changed::add);
        }
        return changed;
    }

    private static String said(List<String> changed) {
        return String.join(", ", changed) + " changed";
    }

    private static String names(SortedSet<NodeKey> causes) {
        SortedSet<String> paths = new TreeSet<>();
        causes.forEach(cause -> paths.add(cause.path()));
        return String.join(", ", paths);
    }

    private PlannedNode node(
            GraphNode node,
            StepWork work,
            Decision decision,
            String reason,
            Optional<Fingerprint> expected) {
        LoadedModule module = work.module();
        return new PlannedNode(
                node.key(),
                Action.STEP,
                decision,
                reason,
                work.task().effects(),
                node.after(),
                node.afterSettled(),
                Optional.of(module.lock()),
                incarnation(node.key()),
                expected);
    }

    /// A step on the engine keeps no state outside its outputs, so there it does not matter where
    /// the engine's agent runs.
    private boolean counts(StepResult result) {
        return onEngine(result.key())
                || incarnation(result.key()).filter(result.incarnation()::equals).isPresent();
    }

    private static boolean onEngine(NodeKey key) {
        return key.machine().filter(NodeKey.ENGINE::equals).isPresent();
    }

    /// Of the machine that a key names, if it is a member and there.
    private Optional<String> incarnation(NodeKey key) {
        return key.machine()
                .flatMap(membership::wantedNamed)
                .flatMap(Member::machine)
                .map(id -> machines.get(id.value()))
                .filter(machine -> machine.state() != Machine.State.REQUESTED)
                .map(Machine::incarnationKey);
    }
}
