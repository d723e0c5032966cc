package dev.formwork.workflow.membership;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The members of a cluster's groups, in the order of their ordinals. Immutable. Each question is
/// asked once for each node of a plan: none goes over all members.
public final class Membership {
    private final List<Member> all;
    private final Map<String, List<Member>> wanted = new HashMap<>();
    private final Map<String, Map<Member.Role, List<Member>>> byRole = new HashMap<>();
    private final Map<String, List<Member>> byName = new HashMap<>();

    public Membership(List<Member> members) {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Member::group).thenComparingInt(Member::ordinal));
        all = List.copyOf(sorted);
        for (Member member : all) {
            if (member.wanted()) {
                listed(wanted, member.group()).add(member);
            }
            listed(
                            byRole.computeIfAbsent(
                                    member.group(), _ -> new EnumMap<>(Member.Role.class)),
                            member.role())
                    .add(member);
            listed(byName, member.name()).add(member);
        }
    }

    private static <K> List<Member> listed(Map<K, List<Member>> lists, K key) {
        return lists.computeIfAbsent(key, _ -> new ArrayList<>());
    }

    public List<Member> all() {
        return all;
    }

    /// Those who are to be in the group: standing, initial and joining.
    public List<Member> wanted(String group) {
        return Collections.unmodifiableList(wanted.getOrDefault(group, List.of()));
    }

    /// Those who are to be in the group and have been before.
    public List<Member> standing(String group) {
        return withRole(group, Member.Role.STANDING);
    }

    /// Empty while the group first forms.
    public List<Member> joining(String group) {
        return withRole(group, Member.Role.JOINING);
    }

    public List<Member> leaving(String group) {
        return withRole(group, Member.Role.LEAVING);
    }

    /// Who works for those who join and leave: the first member that stands.
    public Optional<Member> peer(String group) {
        return standing(group).stream().findFirst();
    }

    /// The group stands and somebody comes or goes, or members are worked on again.
    public boolean stands(String group) {
        return !standing(group).isEmpty();
    }

    public Optional<Member> wantedNamed(String machine) {
        return named(machine).stream().filter(Member::wanted).findFirst();
    }

    /// One, or two where a machine is replaced by one of its name.
    public List<Member> named(String machine) {
        return Collections.unmodifiableList(byName.getOrDefault(machine, List.of()));
    }

    private List<Member> withRole(String group, Member.Role role) {
        return Collections.unmodifiableList(
                byRole.getOrDefault(group, Map.of()).getOrDefault(role, List.of()));
    }
}
