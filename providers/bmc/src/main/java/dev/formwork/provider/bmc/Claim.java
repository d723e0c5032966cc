package dev.formwork.provider.bmc;

import dev.formwork.model.MachineId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootSetting;
import dev.formwork.provider.Digests;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Which node a machine has, and how far: one record of the store.
///
/// @param format 1; another is refused, not guessed at
/// @param machine whose it is
/// @param token the operation that claimed it
/// @param name the machine's
/// @param node the name of the node
/// @param createdAt when it was claimed, as ISO 8601 writes it
/// @param macs what the node is recognised by, with `uuid` and `serial`
/// @param markBefore what the controller's mark was before ours, if it has one
/// @param always what it boots from
/// @param once what it boots from the next time instead
/// @param switchedOff somebody wished that it is off
/// @param note what the provider of this protocol has to remember about the machine
record Claim(
        int format,
        Phase phase,
        String machine,
        String token,
        String name,
        String node,
        String createdAt,
        Map<String, String> labels,
        List<String> macs,
        @Nullable String uuid,
        @Nullable String serial,
        @Nullable String markBefore,
        BootDevice always,
        @Nullable BootDevice once,
        boolean switchedOff,
        @Nullable String note) {

    /// How far it is.
    enum Phase {
        /// It is ours in the store, and nothing of the node was changed yet.
        TAKEN,
        /// The node is being changed.
        PREPARING,
        /// It was started.
        READY,
        /// It is being given back.
        DELETING
    }

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    Claim {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(always, "always");
        labels = Map.copyOf(labels);
        macs = List.copyOf(macs);
    }

    static Claim of(OperationToken token, InstanceRequest request, String node, Instant at) {
        return new Claim(
                FORMAT,
                Phase.TAKEN,
                request.machine().value(),
                token.value(),
                request.name(),
                node,
                at.toString(),
                request.labels(),
                List.of(),
                null,
                null,
                null,
                BootDevice.NETWORK,
                null,
                false,
                null);
    }

    /// @throws dev.formwork.model.ProblemException `bmc.damaged-record`
    static Claim parse(String json) {
        try {
            Claim claim = JSON.readValue(json, Claim.class);
            if (claim.format() != FORMAT) {
                throw new IllegalArgumentException("format " + claim.format());
            }
            claim.id();
            claim.ref();
            claim.hardware();
            Instant.parse(claim.createdAt());
            return claim;
        } catch (JacksonException | IllegalArgumentException | DateTimeException wrong) {
            throw BmcCode.DAMAGED_RECORD.problem(
                    "a record of who has which node cannot be read: " + wrong.getMessage(),
                    "was it written by a newer version?",
                    wrong);
        }
    }

    String json() {
        return JSON.writeValueAsString(this);
    }

    /// What the machine is called that this token makes.
    static InstanceRef ref(MachineId machine, OperationToken token) {
        return new InstanceRef(machine + "@" + Digests.hex(token.value()).substring(0, 16));
    }

    InstanceRef ref() {
        return ref(id(), new OperationToken(token));
    }

    MachineId id() {
        return new MachineId(machine);
    }

    Hardware hardware() {
        return new Hardware(macs, Optional.ofNullable(uuid), Optional.ofNullable(serial));
    }

    BootSetting bootSetting() {
        return new BootSetting(always, Optional.ofNullable(once));
    }

    /// What the next start is to be from.
    BootOverride nextBoot(Node of) {
        return once == null
                ? new BootOverride(always, true, of.uefi())
                : new BootOverride(once, false, of.uefi());
    }

    Instance instance() {
        InstanceState state =
                switch (phase) {
                    case TAKEN, PREPARING -> InstanceState.CREATING;
                    case READY -> switchedOff ? InstanceState.STOPPED : InstanceState.RUNNING;
                    case DELETING -> InstanceState.DELETING;
                };
        return new Instance(
                ref(), id(), name, null, state, Instant.parse(createdAt), labels, hardware());
    }

    Claim in(Phase next) {
        return with(next, hardware(), markBefore, always, once, switchedOff);
    }

    Claim preparing(Hardware known, @Nullable String mark) {
        return with(Phase.PREPARING, known, mark, always, once, switchedOff);
    }

    Claim booting(BootDevice from, @Nullable BootDevice fromOnce) {
        return with(phase, hardware(), markBefore, from, fromOnce, switchedOff);
    }

    Claim switchedOff(boolean off) {
        return with(phase, hardware(), markBefore, always, once, off);
    }

    private Claim with(
            Phase next,
            Hardware known,
            @Nullable String mark,
            BootDevice from,
            @Nullable BootDevice fromOnce,
            boolean off) {
        return new Claim(
                format,
                next,
                machine,
                token,
                name,
                node,
                createdAt,
                labels,
                known.macs(),
                known.uuid().orElse(null),
                known.serial().orElse(null),
                mark,
                from,
                fromOnce,
                off,
                note);
    }

    Claim noting(String text) {
        return new Claim(
                format,
                phase,
                machine,
                token,
                name,
                node,
                createdAt,
                labels,
                macs,
                uuid,
                serial,
                markBefore,
                always,
                once,
                switchedOff,
                text);
    }

    /// @throws dev.formwork.model.ProblemException `provider.conflict` where the machine is
    ///   half-made or being deleted
    void requireReady() {
        if (phase != Phase.READY) {
            throw ProviderCode.CONFLICT.problem(
                    "instance %s is half-made or being deleted".formatted(ref()),
                    "repeat its create, or its delete");
        }
    }
}
