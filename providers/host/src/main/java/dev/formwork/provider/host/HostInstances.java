package dev.formwork.provider.host;

import dev.formwork.model.MachineId;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.host.MachineKind.Outfit;
import dev.formwork.provider.host.MachineRecord.Phase;
import dev.formwork.provider.host.MarkedProcesses.Proof;

import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Makes and removes machines of this host. `machine.json` comes first and goes last, so that
/// whatever a crash leaves is listed. Thread-safe.
public final class HostInstances implements InstanceLifecycle {
    private final OwnMachines machines;
    private final MarkedProcesses processes;
    private final MachineKind kind;
    private final MountTable mounts;
    private final Progress progress;
    private final Clock clock;

    public HostInstances(
            OwnMachines machines,
            MarkedProcesses processes,
            MachineKind kind,
            MountTable mounts,
            Progress progress,
            Clock clock) {
        this.machines = machines;
        this.processes = processes;
        this.kind = kind;
        this.mounts = mounts;
        this.progress = progress;
        this.clock = clock;
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        return machines.run(
                "create machine " + request.machine(),
                () -> {
                    kind.check(request);
                    try (HostLocks.Held _ = machines.locks().machine(request.machine().value())) {
                        MachineRecord record = claim(token, request);
                        if (record.phase() == Phase.READY) {
                            return describe(record, kind.running());
                        }
                        kind.bringUp(record, request);
                        MachineRecord ready = record.in(Phase.READY);
                        machines.store().update(ready);
                        Instance made = kind.describe(ready, InstanceState.RUNNING);
                        progress.next("answer");
                        return made;
                    }
                });
    }

    /// The record of the machine: the one that is there, or a new one.
    private MachineRecord claim(OperationToken token, InstanceRequest request) throws IOException {
        InstanceRef ref = MachineRef.of(request.machine(), token).ref();
        Optional<MachineRecord> there = machines.store().read(request.machine());
        if (there.isPresent()) {
            return sameOrRefused(there.get(), ref);
        }
        removeWhatHasNoRecord(request.machine());
        try (HostLocks.Held _ = machines.locks().allocation()) {
            List<MachineRecord> others = machines.store().all();
            for (MachineRecord other : others) {
                if (other.isOf(machines.engine()) && other.token().equals(token.value())) {
                    throw ProviderCode.CONFLICT.problem(
                            "token %s made machine %s".formatted(token, other.machine()),
                            "use a new token");
                }
            }
            Outfit outfit = kind.outfit(request, others);
            MachineRecord record =
                    new MachineRecord(
                            MachineRecord.FORMAT,
                            Phase.CREATING,
                            ref.value(),
                            request.machine().value(),
                            request.name(),
                            machines.engine().value(),
                            token.value(),
                            outfit.address(),
                            clock.instant().truncatedTo(ChronoUnit.MILLIS),
                            request.labels());
            machines.store().add(record, outfit.files());
            return record;
        }
    }

    private MachineRecord sameOrRefused(MachineRecord there, InstanceRef ref) {
        if (!there.isOf(machines.engine()) || !there.ref().equals(ref.value())) {
            throw ProviderCode.CONFLICT.problem(
                    "machine %s has an instance already, made by token %s"
                            .formatted(there.machine(), there.token()),
                    "delete it first");
        }
        if (there.phase() == Phase.DELETING) {
            throw ProviderCode.CONFLICT.problem(
                    "instance %s is being deleted".formatted(ref), "finish its delete");
        }
        return there;
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        return machines.run(
                "find instance " + ref,
                () -> {
                    Optional<MachineRecord> found = machines.find(ref);
                    return found.isEmpty()
                            ? Optional.empty()
                            : Optional.of(describe(found.get(), kind.running()));
                });
    }

    @Override
    public List<Instance> list() {
        return machines.run(
                "list instances",
                () -> {
                    Predicate<MachineRecord> running = kind.running();
                    List<Instance> ours = new ArrayList<>();
                    for (MachineRecord record : machines.store().all()) {
                        if (record.isOf(machines.engine())) {
                            ours.add(describe(record, running));
                        }
                    }
                    return ours;
                });
    }

    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        Optional<MachineRef> ours = MachineRef.parse(ref);
        machines.run(
                "delete instance " + ref,
                () -> {
                    if (ours.isPresent()) {
                        delete(ref, ours.get().machine());
                    }
                    return ref;
                });
    }

    private void delete(InstanceRef ref, MachineId machine) throws IOException {
        try (HostLocks.Held _ = machines.locks().machine(machine.value())) {
            Optional<MachineRecord> there = machines.store().read(machine);
            if (there.isEmpty()) {
                removeWhatHasNoRecord(machine);
            } else if (machines.find(ref).isPresent()) {
                if (there.get().phase() != Phase.DELETING) {
                    machines.store().update(there.get().in(Phase.DELETING));
                }
                progress.next("end the processes");
                remove(machine, Proof.NOT_ANOTHERS);
            }
            progress.next("answer");
        }
    }

    /// Somebody removed the directory, or the record in it, by hand; the processes may live.
    private void removeWhatHasNoRecord(MachineId machine) throws IOException {
        remove(machine, Proof.OURS);
    }

    private void remove(MachineId machine, Proof proof) throws IOException {
        MachineHome home = machines.store().home(machine);
        processes.endAll(home, proof);
        List<String> mounted = mounts.below(home.path());
        if (!mounted.isEmpty()) {
            throw ProviderCode.PARTIAL.problem(
                    "file systems are mounted in machine %s: %s".formatted(machine, mounted),
                    "umount them; nothing is removed through a mount");
        }
        kind.release(home);
        machines.store().remove(machine);
    }

    private Instance describe(MachineRecord record, Predicate<MachineRecord> running)
            throws IOException {
        return kind.describe(
                record,
                switch (record.phase()) {
                    case CREATING -> InstanceState.CREATING;
                    case DELETING -> InstanceState.DELETING;
                    case READY ->
                            running.test(record) ? InstanceState.RUNNING : InstanceState.STOPPED;
                });
    }
}
