package dev.formwork.workflow.plan;

import dev.formwork.model.MachineId;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Task;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Composer;
import dev.formwork.workflow.graph.Composition;
import dev.formwork.workflow.graph.Graph;
import dev.formwork.workflow.graph.GraphBuilder;
import dev.formwork.workflow.graph.GraphNode;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.graph.Recorded;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.membership.MembershipRules;
import dev.formwork.workflow.placement.Placements;
import dev.formwork.workflow.placement.Placing;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.schema.Schemas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Compares what is wanted with what is recorded. A pure function; thread-safe.
public final class Planner {
    private final Fingerprinter fingerprinter;
    private final Schemas schemas;

    public Planner(Fingerprinter fingerprinter, Schemas schemas) {
        this.fingerprinter = fingerprinter;
        this.schemas = schemas;
    }

    /// @throws ProblemException everything that is wrong with the cluster and the modules it uses:
    ///   `cluster.*`, `module.*`, `binding.*`, `workflow.*`, `step.*`, `expression.*`, `machine.*`,
    ///   `input.invalid`, `pool.unknown`
    public Plan plan(PlanRequest request) {
        return deciding(request, PlanRequest.CheckAnswer.UNKNOWN).plan();
    }

    /// The nodes whose recorded result still fits and whose task has a `check`: the plan is
    /// unchanged there only if the check holds. Asked for before [#plan], whose request then has
    /// the answers.
    public SortedSet<Check> checksWanted(PlanRequest request) {
        // Each check could matter only if those before it hold: so ask for all, as if they did.
        return deciding(request.withChecks(Map.of()), PlanRequest.CheckAnswer.HOLDS).checksWanted();
    }

    /// A read-only job that a plan wants to be run first.
    public record Check(StepResult result, LoadedModule module) implements Comparable<Check> {
        @Override
        public int compareTo(Check other) {
            return result.key().compareTo(other.result.key());
        }
    }

    /// Finds all problems of a cluster and its modules without any record of machines.
    public void validate(PlanRequest request) {
        deciding(request, PlanRequest.CheckAnswer.UNKNOWN);
    }

    private Decided deciding(PlanRequest request, PlanRequest.CheckAnswer unanswered) {
        Problems problems = new Problems();
        Optional<Composition> composition = Optional.empty();
        Pinned pinned = Pinned.NOTHING;
        MembershipRules rules = new MembershipRules(request.name(), request.machines());
        Membership membership = rules.destroyed();
        Map<String, Machine> machines = new HashMap<>();
        request.machines().forEach(machine -> machines.put(machine.id().value(), machine));
        Placing placing = Placing.NONE;
        if (request.cluster().isEmpty()) {
            placing = placing(request, membership, machines, problems);
        } else {
            composition = Composer.compose(request.cluster().get(), request.catalog(), problems);
            membership = membership(request, rules, problems);
            requirePools(request, problems);
            placing = placing(request, membership, machines, problems);
            problems.throwIfAny();
            membership = placed(membership, placing);
            pinned = pinned(composition.orElseThrow(), request, membership, problems);
            composition.get().checkInputs(schemas, pinned, problems);
            requireClusterOutputs(composition.get(), request, problems);
            problems.throwIfAny();
        }
        Decided decided =
                deciding(
                        request,
                        unanswered,
                        composition,
                        pinned,
                        membership,
                        placing,
                        machines,
                        problems,
                        Set.of());
        Set<NodeKey> unwanted = decided.outcome().unwanted();
        // What is to be undone is known only when all is decided, and is a part of the graph.
        return unwanted.isEmpty()
                ? decided
                : deciding(
                        request,
                        unanswered,
                        composition,
                        pinned,
                        membership,
                        placing,
                        machines,
                        problems,
                        unwanted);
    }

    private Decided deciding(
            PlanRequest request,
            PlanRequest.CheckAnswer unanswered,
            Optional<Composition> composition,
            Pinned pinned,
            Membership membership,
            Placing placing,
            Map<String, Machine> machines,
            Problems problems,
            Set<NodeKey> unwanted) {
        PlanningWorld world = new PlanningWorld(membership, machines);
        NodeDecisions decisions =
                new NodeDecisions(request, membership, machines, world, fingerprinter, unanswered);
        // Results that count are in the world before the graph is built: a `for_each` may read
        // them.
        world.assume(decisions.counting());
        Graph graph =
                new GraphBuilder(
                                request.name(),
                                composition,
                                membership,
                                machines,
                                new Recorded(
                                        request.results(), request.recordedModules(), unwanted),
                                pinned,
                                schemas,
                                world,
                                problems)
                        .build();
        problems.throwIfAny();
        world.assume(Map.of());
        return new Decided(
                request, composition, pinned, membership, placing, graph, decisions.decide(graph));
    }

    /// What is given to `formwork run` is above what machines say.
    private static Pinned pinned(
            Composition composition,
            PlanRequest request,
            Membership membership,
            Problems problems) {
        Map<String, Machine> byId = new HashMap<>();
        request.machines().forEach(machine -> byId.put(machine.id().value(), machine));
        List<Machine> members =
                membership.all().stream()
                        .filter(Member::wanted)
                        .flatMap(member -> member.machine().stream())
                        .flatMap(id -> Optional.ofNullable(byId.get(id.value())).stream())
                        .toList();
        return composition.pin(
                request.clusterOutputs(),
                request.catalog(),
                members,
                request.kind() == Plan.Kind.MODULE
                        ? composition.cluster().with().keySet()
                        : Set.of(),
                problems);
    }

    private static Membership membership(
            PlanRequest request, MembershipRules rules, Problems problems) {
        ClusterSpec cluster = request.cluster().orElseThrow();
        if (request.kind() == Plan.Kind.MODULE) {
            return rules.visited(cluster.groups(), problems);
        }
        Set<String> formed = request.recorded().map(c -> (Set<String>) c.formed()).orElse(Set.of());
        return rules.wanted(cluster.groups(), formed, problems);
    }

    private static Placing placing(
            PlanRequest request,
            Membership membership,
            Map<String, Machine> machines,
            Problems problems) {
        return request.kind() == Plan.Kind.MODULE
                ? Placing.NONE
                : new Placements(
                                request.name(),
                                membership,
                                machines,
                                request.pools(),
                                request.offers(),
                                problems)
                        .of(request.cluster().map(ClusterSpec::groups).orElse(Map.of()));
    }

    private static Membership placed(Membership membership, Placing placing) {
        return new Membership(
                membership.all().stream()
                        .map(member ->
                                member.wanted() && placing.choices().containsKey(member.name())
                                        ? member.withProvider(
                                                placing.choices()
                                                        .get(member.name())
                                                        .getFirst()
                                                        .provider())
                                        : member)
                        .toList());
    }

    private static void requirePools(PlanRequest request, Problems problems) {
        for (ClusterSpec.Group group : request.cluster().orElseThrow().groups().values()) {
            if (group.members() instanceof ClusterSpec.Members.Pooled pooled
                    && !request.pools().containsKey(pooled.pool())) {
                problems.add(
                        group.location(),
                        "pool.unknown",
                        "there is no pool " + Names.abbreviate(pooled.pool()),
                        Names.nearest(pooled.pool(), request.pools().keySet())
                                .map(nearest -> "did you mean " + nearest + "?")
                                .orElse("`formwork pool list` lists what there is"));
            }
        }
    }

    private static void requireClusterOutputs(
            Composition composition, PlanRequest request, Problems problems) {
        for (String read : composition.clusterReads()) {
            if (!request.clusterOutputs().containsKey(read)) {
                problems.add(
                        composition.cluster().location(),
                        "cluster.no-output",
                        "clusters." + read.replaceFirst("\\.", ".outputs.") + " is not known",
                        "apply that cluster first; `formwork status CLUSTER` shows its outputs");
            }
        }
    }

    private record Decided(
            PlanRequest request,
            Optional<Composition> composition,
            Pinned pinned,
            Membership membership,
            Placing placing,
            Graph graph,
            NodeDecisions.Outcome outcome) {
        SortedSet<Check> checksWanted() {
            return new TreeSet<>(outcome.checksWanted());
        }

        Plan plan() {
            List<PlannedNode> nodes = new ArrayList<>();
            for (GraphNode node : graph.nodes()) {
                PlannedNode decided = outcome.planned().get(node.key());
                nodes.add(decided == null ? structural(node) : decided);
            }
            List<LoadedModule.Lock> locks =
                    composition.stream()
                            .flatMap(c -> c.modules().values().stream())
                            .map(LoadedModule::lock)
                            .toList();
            return new Plan(
                    request.name(),
                    request.kind(),
                    new Plan.Source(request.clusterYaml(), locks, request.profileDigests(), pinned),
                    membership.all(),
                    nodes,
                    graph.forget(),
                    placing);
        }

        private PlannedNode structural(GraphNode node) {
            if (node.action() == Action.UNDO && !graph.undone().containsKey(node.key())) {
                return rollback(node);
            }
            StepResult undone = graph.undone().get(node.key());
            return new PlannedNode(
                    node.key(),
                    node.action(),
                    Decision.WILL_RUN,
                    reason(node),
                    undone == null ? effects(node) : effects(undone),
                    node.after(),
                    node.afterSettled(),
                    Optional.ofNullable(undone).map(StepResult::module),
                    Optional.ofNullable(undone).map(StepResult::incarnation),
                    Optional.empty(),
                    node.turn());
        }

        /// Needed only should the step be done by the run, and something fail after it.
        private PlannedNode rollback(GraphNode node) {
            PlannedNode step = Objects.requireNonNull(outcome.planned().get(node.key().undone()));
            boolean runs =
                    step.decision() == Decision.WILL_RUN || step.decision() == Decision.MAY_RUN;
            return new PlannedNode(
                    node.key(),
                    Action.UNDO,
                    runs ? Decision.MAY_RUN : Decision.SKIPPED,
                    runs ? "only after a failure" : "nothing to undo",
                    step.effects(),
                    node.after(),
                    node.afterSettled(),
                    step.module(),
                    step.incarnation(),
                    Optional.empty());
        }

        private Set<Effect> effects(GraphNode node) {
            boolean costs =
                    (node.action() == Action.CREATE || node.action() == Action.ALLOCATE)
                            && placing.costs(node.key().machine().orElseThrow());
            return costs ? Set.of(Effect.COST) : Set.of();
        }

        private Set<Effect> effects(StepResult undone) {
            return request.recordedModules()
                    .apply(undone.module())
                    .map(module -> ((Task) module.module()).effects())
                    .orElse(Set.of());
        }

        private String reason(GraphNode node) {
            return switch (node.action()) {
                case CREATE ->
                        node.member().filter(m -> m.role().name().equals("JOINING")).isPresent()
                                ? "joins " + node.member().orElseThrow().group()
                                : "does not exist yet";
                case ALLOCATE ->
                        node.member().orElseThrow().machine().isPresent()
                                ? "of "
                                        + pool(node)
                                        + ", "
                                        + (isOff(node) ? "switched off" : "asked for")
                                : "one of " + pool(node) + otherwiseMade(node);
                case RELEASE ->
                        node.member().orElseThrow().gone()
                                ? "the provider no longer has it"
                                : "back to " + pool(node) + cleaned(node);
                case BOOT -> "its agent has not reported yet";
                case REMOVE ->
                        node.member().orElseThrow().gone()
                                ? "the provider no longer has it"
                                : "leaves " + node.member().orElseThrow().group();
                case UNDO -> "no longer wanted";
                case GATE -> "";
                case STEP -> throw new IllegalStateException("undecided step " + node.key());
            };
        }

        private static String pool(GraphNode node) {
            return node.member().flatMap(Member::pool).orElseThrow();
        }

        private Optional<PoolSpec> declared(GraphNode node) {
            return Optional.ofNullable(request.pools().get(pool(node)));
        }

        private String otherwiseMade(GraphNode node) {
            return placing.making(node.key().machine().orElseThrow())
                    .map(making -> ", or made by " + making.provider())
                    .orElse("");
        }

        private boolean isOff(GraphNode node) {
            Optional<MachineId> id = node.member().flatMap(Member::machine);
            return request.machines().stream()
                    .filter(machine -> Optional.of(machine.id()).equals(id))
                    .anyMatch(Pooled::isOff);
        }

        private String cleaned(GraphNode node) {
            return declared(node)
                    .map(PoolSpec::clean)
                    .filter(clean -> !(clean instanceof PoolSpec.Clean.Nothing))
                    .map(clean -> ", " + clean.words())
                    .orElse("");
        }
    }

    /// Whether anything at all is to be done: what `--detailed-exitcode` tells.
    public static boolean changes(Plan plan) {
        return plan.nodes().stream()
                .anyMatch(node ->
                        node.action() != Action.GATE
                                && node.decision() != Decision.UNCHANGED
                                && node.decision() != Decision.SKIPPED);
    }
}
