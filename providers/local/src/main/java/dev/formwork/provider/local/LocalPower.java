package dev.formwork.provider.local;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.local.MachineProcesses.Proof;

import java.nio.file.Files;

/// A machine is on while one of its processes lives, and kept off by the file `powered-off`.
final class LocalPower implements PowerControl {
    private final OwnMachines machines;
    private final MachineProcesses processes;
    private final AgentProcess agents;
    private final MachineScripts scripts;
    private final Progress progress;

    LocalPower(
            OwnMachines machines,
            MachineProcesses processes,
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
    public PowerState power(InstanceRef ref) {
        return machines.run(
                "look for power of " + ref,
                () -> {
                    MachineDirectory directory = machines.directory(machines.require(ref));
                    return Files.notExists(directory.poweredOff()) && processes.any(directory)
                            ? PowerState.ON
                            : PowerState.OFF;
                });
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        machines.run(
                "switch on " + ref,
                () -> {
                    MachineRecord wanted = machines.require(ref);
                    try (HostLocks.Held _ = machines.locks().machine(wanted.machine())) {
                        MachineRecord record = machines.requireReady(ref);
                        MachineDirectory directory = machines.directory(record);
                        if (Files.exists(directory.poweredOff()) || !processes.any(directory)) {
                            scripts.write(directory, record);
                            progress.next("forget the boot id");
                            Files.deleteIfExists(directory.bootId());
                            progress.next("allow the machine to run");
                            Files.deleteIfExists(directory.poweredOff());
                            progress.next("start the agent");
                            agents.launch(directory);
                        }
                        return record;
                    }
                });
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        machines.run(
                "switch off " + ref,
                () -> {
                    MachineRecord wanted = machines.require(ref);
                    try (HostLocks.Held _ = machines.locks().machine(wanted.machine())) {
                        MachineRecord record = machines.requireReady(ref);
                        MachineDirectory directory = machines.directory(record);
                        progress.next("forbid the machine to run");
                        DurableFiles.write(directory.poweredOff(), "", "rw-------");
                        progress.next("end the processes");
                        processes.endAll(directory, Proof.NOT_ANOTHERS);
                        return record;
                    }
                });
    }
}
