package dev.formwork.provider.local;

import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.host.MarkedProcesses;
import dev.formwork.provider.host.OwnMachines;
import dev.formwork.provider.host.ProcessTable;

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
        machines.change(
                "restart the agent of " + ref,
                ref,
                record -> {
                    MachineDirectory directory = new MachineDirectory(machines.home(record));
                    directory.requireOn(ref);
                    scripts.write(directory, record);
                    Optional<ProcessTable.Entry> running = agents.find(directory);
                    if (running.isPresent()) {
                        processes.end(running.get());
                    }
                    agents.launch(directory);
                });
    }

    /// It is a process of its own, which finds the engine by itself.
    @Override
    public void takeUpAgent(InstanceRef ref) {}
}
