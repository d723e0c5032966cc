package dev.formwork.workflow.machine;

import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

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
/// @param home the cluster whose [dev.formwork.workflow.shard.Shard] it is in: the one it is placed
///   in, or that worked on it last
/// @param boot how it comes up from the network
/// @param pooled its part in a pool
/// @param origin how its provider was asked for it; empty for one that no provider made
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
        MachineParams params,
        Optional<String> home,
        NetworkBoot boot,
        Optional<Pooled> pooled,
        Optional<Origin> origin) {

    /// One that no provider made, and that has no part in a pool.
    public Machine(
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
            MachineParams params,
            Optional<String> home,
            NetworkBoot boot) {
        this(
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
                params,
                home,
                boot,
                Optional.empty(),
                Optional.empty());
    }

    /// One of which nothing is known but what was asked for.
    public static Machine begun(
            MachineId id,
            String name,
            Optional<Placement> placement,
            Optional<String> provider,
            State state) {
        return new Machine(
                id,
                name,
                placement,
                provider,
                Optional.empty(),
                state,
                1,
                Optional.empty(),
                Value.Struct.EMPTY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                MachineParams.NONE,
                Optional.empty(),
                NetworkBoot.NONE);
    }

    public Machine {
        if (placement.isPresent()) {
            home = Optional.of(placement.get().cluster());
        }
    }

    public enum State {
        /// Asked of a provider; there may be an instance already.
        REQUESTED,
        /// The instance exists; its agent has not registered.
        BOOTING,
        /// Nobody knew it when it booted: its agent calls, and is given nothing until a person has
        /// approved the machine.
        HELD,
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

    /// How a provider was asked for a machine.
    ///
    /// @param machine in the provider's words
    /// @param place which of the places where its plan lets it be made, in their order; of one that
    ///   is removed so that it can be made elsewhere, the place that is asked next
    public record Origin(Value.Struct machine, int place) {}

    /// What results are keyed with: changes when the machine is another one or lost what it had.
    /// Steps on an engine's own machine keep nothing there, so all such machines are one in this.
    public String incarnationKey() {
        return isEngine() ? name : id.value() + "." + incarnation;
    }

    /// Whether it is an engine's own machine, on which steps `on: engine` run.
    public boolean isEngine() {
        return name.equals(NodeKey.ENGINE) && provider.isEmpty();
    }

    /// Whether a boot makes it a new machine: its root is in memory, as its agent says.
    public boolean losesItsRoot() {
        return facts.fields().get("root") instanceof Value.Struct root
                && root.fields().get("persistent") instanceof Value.Bool(boolean persistent)
                && !persistent;
    }

    public Machine withState(State next) {
        return changed(draft -> draft.state = next);
    }

    public Machine withPlacement(Placement next) {
        return changed(draft -> draft.placement = Optional.of(next));
    }

    public Machine withoutPlacement() {
        return changed(draft -> draft.placement = Optional.empty());
    }

    public Machine withHome(String cluster) {
        return changed(draft -> draft.home = Optional.of(cluster));
    }

    public Machine withInstance(String reference, Optional<String> nextAddress) {
        return changed(draft -> {
            draft.instance = Optional.of(reference);
            draft.address = nextAddress.or(() -> address);
        });
    }

    /// It has lost what it had with its root: a new incarnation, which is no peer to others until a
    /// run has succeeded with it.
    public Machine bootedAnew() {
        return changed(draft -> {
            draft.incarnation = incarnation + 1;
            draft.placement =
                    placement.map(
                            at -> new Placement(at.cluster(), at.group(), at.ordinal(), false));
        });
    }

    public Machine withIncarnation(int next) {
        return changed(draft -> draft.incarnation = next);
    }

    public Machine withFacts(Value.Struct next, Optional<String> nextAddress) {
        return changed(draft -> {
            draft.facts = next;
            draft.address = nextAddress.or(() -> address);
        });
    }

    public Machine withContact(Instant at, String boot) {
        return changed(draft -> {
            draft.bootId = Optional.of(boot);
            draft.lastSeen = Optional.of(at);
        });
    }

    public Machine withCredential(String hash) {
        return changed(draft -> draft.credentialHash = Optional.of(hash));
    }

    /// Lets an agent register with another token; the credential that was good before is not.
    public Machine withBootToken(String hash) {
        return changed(draft -> {
            draft.credentialHash = Optional.empty();
            draft.bootTokenHash = Optional.of(hash);
        });
    }

    public Machine withParams(MachineParams next) {
        return changed(draft -> draft.params = next);
    }

    public Machine withBoot(NetworkBoot next) {
        return changed(draft -> draft.boot = next);
    }

    public Machine withOrigin(Origin next) {
        return changed(draft -> draft.origin = Optional.of(next));
    }

    public Machine withPooled(Pooled next) {
        return changed(draft -> draft.pooled = Optional.of(next));
    }

    /// A member of a cluster from now on, under that name, and another one than it was: what was
    /// done on it before is nothing to its new owner.
    public Machine takenAs(String member, Placement at) {
        return changed(draft -> {
            draft.name = member;
            draft.placement = Optional.of(at);
            draft.incarnation = incarnation + 1;
        });
    }

    /// In no cluster any more, and in the shard of all pools: another one than it was.
    public Machine givenBackAs(String own) {
        return changed(draft -> {
            draft.name = own;
            draft.placement = Optional.empty();
            draft.home = Optional.empty();
            draft.incarnation = incarnation + 1;
        });
    }

    private Machine changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.machine();
    }

    /// What of a machine changes, while it is changed.
    private static final class Draft {
        private final Machine before;
        private String name;
        private Optional<Placement> placement;
        private Optional<String> instance;
        private State state;
        private int incarnation;
        private Optional<String> address;
        private Value.Struct facts;
        private Optional<String> bootId;
        private Optional<String> credentialHash;
        private Optional<String> bootTokenHash;
        private Optional<Instant> lastSeen;
        private MachineParams params;
        private Optional<String> home;
        private NetworkBoot boot;
        private Optional<Pooled> pooled;
        private Optional<Origin> origin;

        private Draft(Machine before) {
            this.before = before;
            this.name = before.name;
            this.placement = before.placement;
            this.instance = before.instance;
            this.state = before.state;
            this.incarnation = before.incarnation;
            this.address = before.address;
            this.facts = before.facts;
            this.bootId = before.bootId;
            this.credentialHash = before.credentialHash;
            this.bootTokenHash = before.bootTokenHash;
            this.lastSeen = before.lastSeen;
            this.params = before.params;
            this.home = before.home;
            this.boot = before.boot;
            this.pooled = before.pooled;
            this.origin = before.origin;
        }

        private Machine machine() {
            return new Machine(
                    before.id,
                    name,
                    placement,
                    before.provider,
                    instance,
                    state,
                    incarnation,
                    address,
                    facts,
                    bootId,
                    credentialHash,
                    bootTokenHash,
                    lastSeen,
                    params,
                    home,
                    boot,
                    pooled,
                    origin);
        }
    }
}
