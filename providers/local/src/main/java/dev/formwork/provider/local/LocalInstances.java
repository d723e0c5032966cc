package dev.formwork.provider.local;

import dev.formwork.model.MachineId;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Settings;
import dev.formwork.provider.local.MachineProcesses.Proof;
import dev.formwork.provider.local.MachineRecord.Phase;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes and removes machines. `machine.json` comes first and goes last, so that whatever a crash
/// leaves is listed.
final class LocalInstances implements InstanceLifecycle {
    private final OwnMachines machines;
    private final MachineProcesses processes;
    private final AgentProcess agents;
    private final MachineScripts scripts;
    private final MountTable mounts;
    private final Progress progress;
    private final Clock clock;

    LocalInstances(
            OwnMachines machines,
            MachineProcesses processes,
            AgentProcess agents,
            MachineScripts scripts,
            MountTable mounts,
            Progress progress,
            Clock clock) {
        this.machines = machines;
        this.processes = processes;
        this.agents = agents;
        this.scripts = scripts;
        this.mounts = mounts;
        this.progress = progress;
        this.clock = clock;
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        Settings.spec(machines.provider(), request.spec()).finish();
        return machines.run(
                "create machine " + request.machine(),
                () -> {
                    try (HostLocks.Held _ = machines.locks().machine(request.machine().value())) {
                        MachineRecord record = claim(token, request);
                        if (record.phase() == Phase.READY) {
                            return describe(record);
                        }
                        Instance made = finish(record, request);
                        progress.next("answer");
                        return made;
                    }
                });
    }

    /// The record of the machine: the one that is there, or a new one.
    private MachineRecord claim(OperationToken token, InstanceRequest request) throws IOException {
        InstanceRef ref = LocalRef.of(request.machine(), token).ref();
        Optional<MachineRecord> there = machines.store().read(request.machine());
        if (there.isPresent()) {
            return sameOrRefused(there.get(), ref);
        }
        removeWhatHasNoRecord(request.machine());
        try (HostLocks.Held _ = machines.locks().allocation()) {
            Set<String> taken = new HashSet<>();
            for (MachineRecord other : machines.store().all()) {
                taken.add(other.address());
                if (other.isOf(machines.engine()) && other.token().equals(token.value())) {
                    throw ProviderCode.CONFLICT.problem(
                            "token %s made machine %s".formatted(token, other.machine()),
                            "use a new token");
                }
            }
            MachineRecord record =
                    new MachineRecord(
                            MachineRecord.FORMAT,
                            Phase.CREATING,
                            ref.value(),
                            request.machine().value(),
                            request.name(),
                            machines.engine().value(),
                            token.value(),
                            LoopbackAddresses.choose(
                                    machines.engine(),
                                    machines.provider(),
                                    request.machine(),
                                    taken),
                            clock.instant().truncatedTo(ChronoUnit.MILLIS),
                            request.labels());
            machines.store().add(record);
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

    private Instance finish(MachineRecord record, InstanceRequest request) throws IOException {
        MachineDirectory directory = machines.directory(record);
        progress.next("write the boot token");
        DurableFiles.write(directory.bootToken(), request.bootToken().reveal(), "rw-------");
        Files.createDirectories(
                directory.agent(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        for (Path log : List.of(directory.agentLog(), directory.powerLog())) {
            if (Files.notExists(log)) {
                DurableFiles.write(log, "", "rw-------");
            }
        }
        progress.next("write the scripts");
        scripts.write(directory, record);
        progress.next("start the agent");
        agents.launch(directory);
        MachineRecord ready = record.in(Phase.READY);
        machines.store().update(ready);
        return ready.instance(InstanceState.RUNNING);
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        return machines.run("find instance " + ref, () -> machines.find(ref).map(this::describe));
    }

    @Override
    public List<Instance> list() {
        return machines.run(
                "list instances",
                () -> {
                    List<ProcessTable.Entry> running = processes.snapshot();
                    return machines.store().all().stream()
                            .filter(record -> record.isOf(machines.engine()))
                            .map(record -> describe(record, running))
                            .toList();
                });
    }

    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        Optional<LocalRef> ours = LocalRef.parse(ref);
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
        MachineDirectory directory = machines.store().directory(machine);
        processes.endAll(directory, proof);
        List<String> mounted = mounts.below(directory.path());
        if (!mounted.isEmpty()) {
            throw ProviderCode.PARTIAL.problem(
                    "file systems are mounted in machine %s: %s".formatted(machine, mounted),
                    "umount them; nothing is removed through a mount");
        }
        machines.store().remove(machine);
    }

    private Instance describe(MachineRecord record) {
        return describe(record, processes.snapshot());
    }

    private Instance describe(MachineRecord record, List<ProcessTable.Entry> running) {
        return record.instance(
                switch (record.phase()) {
                    case CREATING -> InstanceState.CREATING;
                    case DELETING -> InstanceState.DELETING;
                    case READY ->
                            processes.any(machines.directory(record), running)
                                    ? InstanceState.RUNNING
                                    : InstanceState.STOPPED;
                });
    }
}
