package dev.formwork.workflow.membership;

import dev.formwork.model.MachineId;

import java.util.Optional;

/// A machine's part in a group, as a plan sees it. A machine that is replaced is there twice: as
/// LEAVING with its old id and as JOINING (or INITIAL) with none yet.
///
/// @param name the machine's name: `cluster-group-ordinal`, or its own where it was named
/// @param machine empty for one that is to be made, also where it was asked for already
/// @param gone of a LEAVING member: the provider no longer has it, nothing can run on it
/// @param provider that makes or made it; empty for a machine that the cluster did not make
/// @param pool that it is taken from, and given back to; empty for a machine that is the cluster's
public record Member(
        String group,
        int ordinal,
        String name,
        Role role,
        Optional<MachineId> machine,
        boolean gone,
        Optional<String> provider,
        Optional<String> pool) {
    /// One that comes from no pool.
    public Member(
            String group,
            int ordinal,
            String name,
            Role role,
            Optional<MachineId> machine,
            boolean gone,
            Optional<String> provider) {
        this(group, ordinal, name, role, machine, gone, provider, Optional.empty());
    }

    public enum Role {
        /// Was there in the last successful run.
        STANDING,
        /// Part of a group that first forms.
        INITIAL,
        /// Comes to a group that stands.
        JOINING,
        /// Goes.
        LEAVING
    }

    public Member withProvider(String name) {
        return new Member(group, ordinal, this.name, role, machine, gone, Optional.of(name));
    }

    /// Part of the group that is wanted.
    public boolean wanted() {
        return role != Role.LEAVING;
    }
}
