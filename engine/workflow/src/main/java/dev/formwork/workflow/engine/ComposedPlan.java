package dev.formwork.workflow.engine;

import dev.formwork.model.Problems;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Composition;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;
import dev.formwork.workflow.placement.Choice;
import dev.formwork.workflow.placement.Making;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.pool.MachineCondition;
import dev.formwork.workflow.schema.Schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A plan with the composition of the cluster that it was made from. Thread-safe where its modules
/// are.
public final class ComposedPlan implements CompiledPlan {
    private final Plan plan;
    private final Optional<Composition> composition;
    private final Function<String, LoadedModule> modules;
    private final Schemas schemas;
    private final Membership membership;

    /// Which machines of its pool will do for a group, by the group's name.
    private final Map<String, MachineCondition> conditions = new HashMap<>();

    /// @param composition none of a plan that destroys
    /// @param modules finds a module by the digest of its lock, or throws `module.unknown`
    public ComposedPlan(
            Plan plan,
            Optional<Composition> composition,
            Function<String, LoadedModule> modules,
            Schemas schemas) {
        this.plan = plan;
        this.composition = composition;
        this.modules = modules;
        this.schemas = schemas;
        this.membership = new Membership(plan.members());
        composition.ifPresent(each ->
                each.cluster()
                        .groups()
                        .forEach((name, group) -> {
                            if (group.members() instanceof ClusterSpec.Members.Pooled pooled
                                    && pooled.where().isPresent()) {
                                conditions.put(
                                        name, MachineCondition.of(pooled.where(), new Problems()));
                            }
                        }));
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public StepWork work(NodeKey key) {
        return composition
                .orElseThrow(() -> new IllegalArgumentException("no step: " + key))
                .work(key, membership, plan.source().pinned(), schemas);
    }

    @Override
    public Optional<Duration> limit(String workflow) {
        return composition.flatMap(each -> each.limit(workflow));
    }

    @Override
    public LoadedModule module(String digest) {
        return modules.apply(digest);
    }

    @Override
    public List<Place> places(String machine) {
        Optional<Member> member = membership.wantedNamed(machine);
        Optional<ClusterSpec.Members> members =
                member.map(Member::group)
                        .flatMap(group ->
                                composition.map(each -> each.cluster().groups().get(group)))
                        .map(ClusterSpec.Group::members);
        if (members.isPresent() && members.get() instanceof ClusterSpec.Members.Placed placed) {
            return plan.placing().choices().getOrDefault(machine, List.of()).stream()
                    .map(choice -> place(choice, placed.places()))
                    .toList();
        }
        Value.Struct asked =
                members.isPresent() && members.get() instanceof ClusterSpec.Members.Made made
                        ? made.machine()
                        : Value.Struct.EMPTY;
        return member.flatMap(Member::provider).stream()
                .map(provider -> new Place(provider, provider, asked))
                .toList();
    }

    /// A provider that stands in several places is called by its place as well.
    private static Place place(Choice choice, List<ClusterSpec.Place> places) {
        String provider = choice.provider();
        boolean only =
                places.stream().filter(each -> each.provider().equals(provider)).count() == 1;
        return new Place(
                only ? provider : provider + " (place " + (choice.place() + 1) + ")",
                provider,
                places.get(choice.place()).machine());
    }

    @Override
    public boolean fits(String member, Machine machine) {
        return condition(member).map(it -> it.holds(machine)).orElse(true);
    }

    @Override
    public boolean fitsAny(String member) {
        return condition(member).isEmpty();
    }

    @Override
    public boolean mayMake(String member, PoolSpec.Make make) {
        Optional<Making> said = plan.placing().fromPools().get(member);
        // A plan of an engine of before does not say.
        return said == null || said.filter(it -> it.isAs(make)).isPresent();
    }

    private Optional<MachineCondition> condition(String member) {
        return membership.wantedNamed(member).map(it -> conditions.get(it.group()));
    }

    @Override
    public Value.Struct outputs(World world) {
        return composition
                .map(each -> each.outputs(membership, plan.source().pinned(), world))
                .map(outputs ->
                        outputs instanceof Resolution.Known<Value.Struct>(Value.Struct known)
                                ? known
                                : Value.Struct.EMPTY)
                .orElse(Value.Struct.EMPTY);
    }
}
