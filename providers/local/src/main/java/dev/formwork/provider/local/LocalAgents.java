package dev.formwork.provider.local;

import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.host.HostLocks;
import dev.formwork.provider.host.MachineRecord;
import dev.formwork.provider.host.MarkedProcesses;
import dev.formwork.provider.host.OwnMachines;
import dev.formwork.provider.host.ProcessTable;

import java.nio.file.Files;
import java.util.Optional;

/// Restarts agents, and nothing else of a machine.
final class LocalAgents implements AgentSupervision {
    private final OwnMachines machines;
    private final MarkedProcesses processes;
    private final AgentProcess agents;
    private final MachineScripts scripts;

    LocalAgents(
            OwnMachines machines,
            MarkedProcesses processes,
            AgentProcess agents,
            MachineScripts scripts) {
        this.machines = machines;
        this.processes = processes;
        this.agents = agents;
        this.scripts = scripts;
    }

    @Override
    public boolean agentRunning(InstanceRef ref) {
        return machines.run(
                "look for the agent of " + ref,
                () ->
                        agents.find(new MachineDirectory(machines.home(machines.require(ref))))
                                .isPresent());
    }

    @Override
    public void restartAgent(InstanceRef ref) {
        machines.run(
                "restart the agent of " + ref,
                () -> {
                    MachineRecord wanted = machines.require(ref);
                    try (HostLocks.Held _ = machines.locks().machine(wanted.machine())) {
                        MachineRecord record = machines.requireReady(ref);
                        MachineDirectory directory = new MachineDirectory(machines.home(record));
                        if (Files.exists(directory.poweredOff())) {
                            throw ProviderCode.CONFLICT.problem(
                                    "instance %s is switched off".formatted(ref), "switch it on");
                        }
                        scripts.write(directory, record);
                        Optional<ProcessTable.Entry> running = agents.find(directory);
                        if (running.isPresent()) {
                            processes.end(running.get());
                        }
                        agents.launch(directory);
                        return record;
                    }
                });
    }
}
