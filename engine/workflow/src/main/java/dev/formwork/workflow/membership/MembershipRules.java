package dev.formwork.workflow.membership;

import dev.formwork.model.Names;
import dev.formwork.model.Problems;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// Decides who stays, joins and leaves. Membership is sticky: a machine keeps its ordinal and its
/// name; those with the highest ordinals go first; a free ordinal is used again, lowest first. A
/// machine that the provider no longer has leaves, and another joins under its ordinal and name.
public final class MembershipRules {
    private final String cluster;
    private final SortedMap<String, Machine> machines;

    /// @param machines every machine the engine knows
    public MembershipRules(String cluster, Collection<Machine> machines) {
        this.cluster = cluster;
        this.machines = new TreeMap<>();
        machines.forEach(machine -> this.machines.put(machine.name(), machine));
    }

    /// Everybody leaves.
    public Membership destroyed() {
        List<Member> members = new ArrayList<>();
        machines.values().stream()
                .filter(machine -> inCluster(machine))
                .forEach(machine -> members.add(leaving(machine)));
        return new Membership(members);
    }

    /// @param formed groups of which a run has succeeded before
    /// @param problems gets `machine.unknown`, `machine.taken`
    public Membership wanted(
            Map<String, ClusterSpec.Group> groups, Set<String> formed, Problems problems) {
        List<Member> members = new ArrayList<>();
        groups.forEach((name, group) -> {
            List<Machine> recorded = recorded(name);
            boolean stands =
                    formed.contains(name)
                            && recorded.stream().anyMatch(MembershipRules::isStanding);
            switch (group.members()) {
                case ClusterSpec.Members.Made made ->
                        counted(
                                name,
                                made.count(),
                                (ordinal, member) ->
                                        fresh(name, ordinal, member, made.provider(), stands),
                                recorded,
                                stands,
                                members);
                case ClusterSpec.Members.Placed placed ->
                        counted(
                                name,
                                placed.count(),
                                (ordinal, member) -> unplaced(name, ordinal, member, stands),
                                recorded,
                                stands,
                                members);
                case ClusterSpec.Members.Pooled pooled ->
                        counted(
                                name,
                                pooled.count(),
                                (ordinal, member) ->
                                        taken(name, ordinal, member, pooled.pool(), stands),
                                recorded,
                                stands,
                                members);
                case ClusterSpec.Members.Named named ->
                        named(name, named, group, recorded, stands, members, problems);
            }
        });
        machines.values().stream()
                .filter(machine -> inCluster(machine))
                .filter(machine -> !groups.containsKey(placement(machine).group()))
                .forEach(machine -> members.add(leaving(machine)));
        return new Membership(members);
    }

    /// Machines that are worked on where they are: they neither join nor leave anything.
    ///
    /// @param problems gets `machine.unknown`
    public Membership visited(Map<String, ClusterSpec.Group> groups, Problems problems) {
        List<Member> members = new ArrayList<>();
        groups.forEach((name, group) -> {
            if (group.members() instanceof ClusterSpec.Members.Named named) {
                for (String machine : named.machines()) {
                    known(machine, group, problems)
                            .ifPresent(known ->
                                    members.add(
                                            existing(
                                                    name,
                                                    members.size(),
                                                    known,
                                                    Member.Role.INITIAL)));
                }
            }
        });
        return new Membership(members);
    }

    private Optional<Machine> known(String name, ClusterSpec.Group group, Problems problems) {
        Optional<Machine> machine =
                Optional.ofNullable(machines.get(name))
                        .filter(found -> found.state() != Machine.State.GONE);
        if (machine.isEmpty()) {
            problems.add(
                    group.location(),
                    "machine.unknown",
                    "there is no machine " + Names.abbreviate(name),
                    Names.nearest(name, machines.keySet())
                            .map(nearest -> "did you mean " + nearest + "?")
                            .orElse("`formwork machines` lists what there is"));
        }
        return machine;
    }

    private static Member existing(String group, int ordinal, Machine machine, Member.Role role) {
        return new Member(
                group,
                ordinal,
                machine.name(),
                role,
                Optional.of(machine.id()),
                false,
                Optional.empty());
    }

    /// @param fresh a new member of an ordinal and a name
    private void counted(
            String group,
            int count,
            BiFunction<Integer, String, Member> fresh,
            List<Machine> recorded,
            boolean stands,
            List<Member> members) {
        Set<Integer> taken = new HashSet<>();
        int kept = 0;
        for (Machine machine : recorded) {
            int ordinal = placement(machine).ordinal();
            taken.add(ordinal);
            boolean wanted = kept < count && machine.state() != Machine.State.REMOVING;
            if (!wanted) {
                members.add(leaving(machine));
                continue;
            }
            kept++;
            if (machine.state() == Machine.State.GONE) {
                members.add(leaving(machine));
                members.add(fresh.apply(ordinal, machine.name()));
            } else if (machine.state() == Machine.State.REQUESTED && machine.pooled().isEmpty()) {
                // It may be made elsewhere than it was asked for.
                members.add(fresh.apply(ordinal, machine.name()));
            } else {
                members.add(staying(machine, stands));
            }
        }
        for (int ordinal = 0; kept < count; ordinal++) {
            if (taken.add(ordinal)) {
                kept++;
                String name = cluster + "-" + group.replace('_', '-') + "-" + ordinal;
                members.add(fresh.apply(ordinal, name));
            }
        }
    }

    private void named(
            String groupName,
            ClusterSpec.Members.Named named,
            ClusterSpec.Group group,
            List<Machine> recorded,
            boolean stands,
            List<Member> members,
            Problems problems) {
        Set<Integer> taken = new HashSet<>();
        for (Machine machine : recorded) {
            taken.add(placement(machine).ordinal());
            if (!named.machines().contains(machine.name())) {
                members.add(leaving(machine));
            } else {
                members.add(staying(machine, stands));
            }
        }
        int ordinal = 0;
        for (String name : named.machines()) {
            Optional<Machine> known = known(name, group, problems);
            if (known.isEmpty()) {
                continue;
            }
            Machine machine = known.get();
            Optional<Pooled> pooled = machine.pooled().filter(MembershipRules::isKept);
            if (machine.placement().isEmpty() && pooled.isPresent()) {
                problems.add(
                        group.location(),
                        "machine.pooled",
                        name + " belongs to pool " + pooled.get().pool(),
                        "take it from there: {count: 1, pool: " + pooled.get().pool() + "}");
            } else if (machine.placement().isEmpty()) {
                while (!taken.add(ordinal)) {
                    ordinal++;
                }
                members.add(
                        existing(
                                groupName,
                                ordinal,
                                machine,
                                stands ? Member.Role.JOINING : Member.Role.INITIAL));
            } else if (!isIn(machine, groupName)) {
                problems.add(
                        group.location(),
                        "machine.taken",
                        name
                                + " belongs to group "
                                + placement(machine).group()
                                + " of cluster "
                                + placement(machine).cluster(),
                        "a machine is a member of one group at a time");
            }
        }
    }

    /// A pool has a say in who gets the machine.
    private static boolean isKept(Pooled part) {
        return part.made()
                || part.off()
                || part.phase() != Pooled.Phase.FREE
                || part.reserved().isPresent();
    }

    private Member fresh(String group, int ordinal, String name, String provider, boolean stands) {
        return new Member(
                group,
                ordinal,
                name,
                stands ? Member.Role.JOINING : Member.Role.INITIAL,
                Optional.empty(),
                false,
                Optional.of(provider));
    }

    /// Who makes it is decided by [dev.formwork.workflow.placement].
    private static Member unplaced(String group, int ordinal, String name, boolean stands) {
        return new Member(
                group,
                ordinal,
                name,
                stands ? Member.Role.JOINING : Member.Role.INITIAL,
                Optional.empty(),
                false,
                Optional.empty());
    }

    private static Member taken(
            String group, int ordinal, String name, String pool, boolean stands) {
        return new Member(
                group,
                ordinal,
                name,
                stands ? Member.Role.JOINING : Member.Role.INITIAL,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of(pool));
    }

    private static Member staying(Machine machine, boolean stands) {
        Machine.Placement placement = placement(machine);
        Member.Role role = stands ? Member.Role.JOINING : Member.Role.INITIAL;
        if (stands && placement.standing()) {
            role = Member.Role.STANDING;
        }
        return new Member(
                placement.group(),
                placement.ordinal(),
                machine.name(),
                role,
                Optional.of(machine.id()),
                false,
                machine.provider(),
                machine.pooled().map(Pooled::pool));
    }

    private static Member leaving(Machine machine) {
        Machine.Placement placement = placement(machine);
        return new Member(
                placement.group(),
                placement.ordinal(),
                machine.name(),
                Member.Role.LEAVING,
                Optional.of(machine.id()),
                machine.state() == Machine.State.GONE,
                machine.provider(),
                machine.pooled().map(Pooled::pool));
    }

    private List<Machine> recorded(String group) {
        return machines.values().stream()
                .filter(machine -> isIn(machine, group))
                .sorted(Comparator.comparingInt(machine -> placement(machine).ordinal()))
                .toList();
    }

    private boolean isIn(Machine machine, String group) {
        return inCluster(machine) && placement(machine).group().equals(group);
    }

    private boolean inCluster(Machine machine) {
        return machine.placement().filter(p -> p.cluster().equals(cluster)).isPresent();
    }

    private static boolean isStanding(Machine machine) {
        return placement(machine).standing()
                && machine.state() != Machine.State.GONE
                && machine.state() != Machine.State.REMOVING;
    }

    private static Machine.Placement placement(Machine machine) {
        return machine.placement().orElseThrow();
    }
}
