package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which machine a run means by a name: while one is replaced, its successor bears the same.
final class RunMembers {
    private final Fleet fleet;
    private final Map<String, Member> wanted = new LinkedHashMap<>();
    private final Map<String, Member> leaving = new HashMap<>();

    RunMembers(Fleet fleet, Plan plan) {
        this.fleet = fleet;
        for (Member member : plan.members()) {
            (member.wanted() ? wanted : leaving).putIfAbsent(member.name(), member);
        }
    }

    Optional<Member> wantedMember(String name) {
        return Optional.ofNullable(wanted.get(name));
    }

    Optional<Member> leavingMember(String name) {
        return Optional.ofNullable(leaving.get(name));
    }

    Iterable<Member> wantedMembers() {
        return wanted.values();
    }

    Iterable<Member> leavingMembers() {
        return leaving.values();
    }

    /// The machine a node is about.
    Optional<Host> host(PlannedNode node) {
        Optional<String> name = node.key().machine();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        boolean old =
                (node.action() == Action.UNDO && !node.isRollback())
                        || node.action() == Action.REMOVE
                        || node.action() == Action.RELEASE;
        return old && leaving.containsKey(name.get())
                ? leavingHost(name.get())
                : wantedHost(name.get()).or(() -> leavingHost(name.get()));
    }

    /// The machine that is to stay under a name, once there is one.
    Optional<Host> wantedHost(String name) {
        if (name.equals(NodeKey.ENGINE)) {
            return fleet.engine();
        }
        Member member = wanted.get(name);
        if (member == null) {
            return leaving.containsKey(name)
                    ? Optional.empty()
                    : fleet.named(name).stream().findFirst();
        }
        if (member.machine().isPresent()) {
            return Optional.ofNullable(fleet.host(member.machine().get()));
        }
        Optional<MachineId> old = leavingMember(name).flatMap(Member::machine);
        return fleet.named(name).stream()
                .filter(host -> old.isEmpty() || !host.machine.id().equals(old.get()))
                .findFirst();
    }

    Optional<Host> leavingHost(String name) {
        return leavingMember(name)
                .flatMap(Member::machine)
                .flatMap(id -> Optional.ofNullable(fleet.host(id)));
    }
}
