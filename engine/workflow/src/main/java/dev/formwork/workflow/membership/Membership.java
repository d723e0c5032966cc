package dev.formwork.workflow.membership;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The members of a cluster's groups, in the order of their ordinals. Immutable.
public final class Membership {
    private final List<Member> all;
    private final Map<String, List<Member>> byGroup;

    public Membership(List<Member> members) {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Member::group).thenComparingInt(Member::ordinal));
        all = List.copyOf(sorted);
        Map<String, List<Member>> groups = new LinkedHashMap<>();
        for (Member member : all) {
            groups.computeIfAbsent(member.group(), _ -> new ArrayList<>()).add(member);
        }
        groups.replaceAll((_, list) -> Collections.unmodifiableList(list));
        byGroup = Collections.unmodifiableMap(groups);
    }

    public List<Member> all() {
        return all;
    }

    /// Those who are to be in the group: standing, initial and joining.
    public List<Member> wanted(String group) {
        return of(group).stream().filter(Member::wanted).toList();
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
        return all.stream().filter(m -> m.wanted() && m.name().equals(machine)).findFirst();
    }

    private List<Member> withRole(String group, Member.Role role) {
        return of(group).stream().filter(member -> member.role() == role).toList();
    }

    private List<Member> of(String group) {
        return byGroup.getOrDefault(group, List.of());
    }
}
