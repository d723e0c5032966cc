package dev.formwork.workflow.machine;

import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;

import java.time.Instant;
import java.util.Optional;

/// The one record that holds the truth about a machine. Immutable; changed by `with*` copies inside
/// a transaction.
///
/// @param name DNS label, unique; a replacement takes over the name
/// @param placement the cluster, group and ordinal it is a member of
/// @param provider name of the provider it came from; empty for the engine's own agent
/// @param instance the provider's reference, once there is one
/// @param incarnation counts from 1; rises when the machine is erased or boots anew from a volatile
///   root, and then its old results count no more
/// @param address where its peers reach it
/// @param facts what its agent reported last; hostile data
/// @param bootId of the boot in which the agent last called
/// @param credentialHash SHA-256 of the agent's credential, hex; empty until it registered
/// @param bootTokenHash SHA-256 of the one-use boot token, hex
/// @param lastSeen the agent's last call
/// @param params what people set for it; they go with it
public record Machine(
        MachineId id,
        String name,
        Optional<Placement> placement,
        Optional<String> provider,
        Optional<String> instance,
        State state,
        int incarnation,
        Optional<String> address,
        Value.Struct facts,
        Optional<String> bootId,
        Optional<String> credentialHash,
        Optional<String> bootTokenHash,
        Optional<Instant> lastSeen,
        MachineParams params) {

    public enum State {
        /// Asked of a provider; there may be an instance already.
        REQUESTED,
        /// The instance exists; its agent has not registered.
        BOOTING,
        /// The agent calls.
        READY,
        /// The agent has not called for longer than its lease.
        UNREACHABLE,
        /// The provider no longer has it, though nobody asked us to remove it.
        GONE,
        /// Being removed.
        REMOVING
    }

    /// Where a machine belongs.
    ///
    /// @param standing a run that included it has succeeded: it is a peer to others
    public record Placement(String cluster, String group, int ordinal, boolean standing) {}

    /// What results are keyed with: changes when the machine is another one or lost what it had.
    public String incarnationKey() {
        return id.value() + "." + incarnation;
    }

    /// Whether a boot makes it a new machine: its root is in memory, as its agent says.
    public boolean losesItsRoot() {
        return facts.fields().get("root") instanceof Value.Struct root
                && root.fields().get("persistent") instanceof Value.Bool(boolean persistent)
                && !persistent;
    }

    public Machine withState(State next) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                instance,
                next,
                incarnation,
                address,
                facts,
                bootId,
                credentialHash,
                bootTokenHash,
                lastSeen,
                params);
    }

    public Machine withPlacement(Placement next) {
        return new Machine(
                id,
                name,
                Optional.of(next),
                provider,
                instance,
                state,
                incarnation,
                address,
                facts,
                bootId,
                credentialHash,
                bootTokenHash,
                lastSeen,
                params);
    }

    public Machine withInstance(String reference, Optional<String> nextAddress) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                Optional.of(reference),
                state,
                incarnation,
                nextAddress.or(() -> address),
                facts,
                bootId,
                credentialHash,
                bootTokenHash,
                lastSeen,
                params);
    }

    public Machine withIncarnation(int next) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                instance,
                state,
                next,
                address,
                facts,
                bootId,
                credentialHash,
                bootTokenHash,
                lastSeen,
                params);
    }

    public Machine withFacts(Value.Struct next, Optional<String> nextAddress) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                instance,
                state,
                incarnation,
                nextAddress.or(() -> address),
                next,
                bootId,
                credentialHash,
                bootTokenHash,
                lastSeen,
                params);
    }

    public Machine withContact(Instant at, String boot) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                instance,
                state,
                incarnation,
                address,
                facts,
                Optional.of(boot),
                credentialHash,
                bootTokenHash,
                Optional.of(at),
                params);
    }

    public Machine withCredential(String hash) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                instance,
                state,
                incarnation,
                address,
                facts,
                bootId,
                Optional.of(hash),
                bootTokenHash,
                lastSeen,
                params);
    }

    /// Lets an agent register with another token; the credential that was good before is not.
    public Machine withBootToken(String hash) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                instance,
                state,
                incarnation,
                address,
                facts,
                bootId,
                Optional.empty(),
                Optional.of(hash),
                lastSeen,
                params);
    }

    public Machine withoutPlacement() {
        return new Machine(
                id,
                name,
                Optional.empty(),
                provider,
                instance,
                state,
                incarnation,
                address,
                facts,
                bootId,
                credentialHash,
                bootTokenHash,
                lastSeen,
                params);
    }

    public Machine withParams(MachineParams next) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                instance,
                state,
                incarnation,
                address,
                facts,
                bootId,
                credentialHash,
                bootTokenHash,
                lastSeen,
                next);
    }
}
