package dev.formwork.provider.local;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.host.DurableFiles;
import dev.formwork.provider.host.MachineRecord;
import dev.formwork.provider.host.MarkedProcesses;
import dev.formwork.provider.host.MarkedProcesses.Proof;
import dev.formwork.provider.host.OwnMachines;
import dev.formwork.provider.host.Progress;

import java.io.IOException;
import java.nio.file.Files;

/// A machine is on while one of its processes lives, and kept off by the file `powered-off`.
final class LocalPower implements PowerControl {
    private final OwnMachines machines;
    private final MarkedProcesses processes;
    private final AgentProcess agents;
    private final MachineScripts scripts;
    private final Progress progress;

    LocalPower(
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
    public PowerState power(InstanceRef ref) {
        return machines.run(
                "look for power of " + ref,
                () -> {
                    MachineDirectory directory =
                            new MachineDirectory(machines.home(machines.require(ref)));
                    if (Files.exists(directory.poweredOff())) {
                        return PowerState.OFF;
                    }
                    return processes.any(directory.home()) ? PowerState.ON : PowerState.LOST;
                });
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        machines.change(
                "switch on " + ref,
                ref,
                record -> {
                    MachineDirectory directory = new MachineDirectory(machines.home(record));
                    if (Files.exists(directory.poweredOff()) || !processes.any(directory.home())) {
                        start(directory, record);
                    }
                });
    }

    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        machines.change(
                "reset " + ref,
                ref,
                record -> {
                    MachineDirectory directory = new MachineDirectory(machines.home(record));
                    directory.requireOn(ref);
                    progress.next("end the processes");
                    processes.endAll(directory.home(), Proof.NOT_ANOTHERS);
                    start(directory, record);
                });
    }

    private void start(MachineDirectory directory, MachineRecord record) throws IOException {
        scripts.write(directory, record);
        progress.next("forget the boot id");
        Files.deleteIfExists(directory.bootId());
        progress.next("allow the machine to run");
        Files.deleteIfExists(directory.poweredOff());
        progress.next("start the agent");
        agents.launch(directory);
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        machines.change(
                "switch off " + ref,
                ref,
                record -> {
                    MachineDirectory directory = new MachineDirectory(machines.home(record));
                    progress.next("forbid the machine to run");
                    DurableFiles.write(directory.poweredOff(), "", "rw-------");
                    progress.next("end the processes");
                    processes.endAll(directory.home(), Proof.NOT_ANOTHERS);
                });
    }
}
