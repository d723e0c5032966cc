package dev.formwork.provider.local;

import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.Settings;
import dev.formwork.provider.host.DurableFiles;
import dev.formwork.provider.host.MachineKind;
import dev.formwork.provider.host.MachineRecord;
import dev.formwork.provider.host.MarkedProcesses;
import dev.formwork.provider.host.OwnMachines;
import dev.formwork.provider.host.ProcessTable;
import dev.formwork.provider.host.Progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Machines that are an agent with a loopback address of its own.
final class LocalMachines implements MachineKind {
    private final OwnMachines machines;
    private final MarkedProcesses processes;
    private final AgentProcess agents;
    private final MachineScripts scripts;
    private final Progress progress;

    LocalMachines(
            OwnMachines machines,
            MarkedProcesses processes,
            AgentProcess agents,
            MachineScripts scripts,
            Progress progress) {
        this.machines = machines;
        this.processes = processes;
        this.agents = agents;
        this.scripts = scripts;
        this.progress = progress;
    }

    @Override
    public void check(InstanceRequest request) {
        Settings.spec(machines.provider(), request.spec()).finish();
    }

    @Override
    public Outfit outfit(InstanceRequest request, List<MachineRecord> others) {
        Set<String> taken =
                others.stream()
                        .map(MachineRecord::address)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet());
        return new Outfit(
                LoopbackAddresses.choose(
                        machines.engine(), machines.provider(), request.machine(), taken),
                Map.of());
    }

    @Override
    public void bringUp(MachineRecord record, InstanceRequest request) throws IOException {
        MachineDirectory directory = new MachineDirectory(machines.home(record));
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
    }

    @Override
    public Predicate<MachineRecord> running() {
        List<ProcessTable.Entry> snapshot = processes.snapshot();
        return record -> processes.any(machines.home(record), snapshot);
    }

    @Override
    public Instance describe(MachineRecord record, InstanceState state) {
        return new Instance(
                record.instanceRef(),
                record.id(),
                record.name(),
                record.address(),
                state,
                record.createdAt(),
                record.labels(),
                Hardware.NONE);
    }
}
