package dev.formwork.workflow.simulation;

import dev.formwork.model.MachineId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.JobRecord;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// Makes and removes machines, each with an agent; slowly, and not always at the first request.
final class SimulatedProvider {
    /// The place that is out of quota more often than not, and may leave something half-made then.
    static final String FULL = "full";

    private final Simulation simulation;
    private final Map<MachineId, SimulatedAgent> agents = new LinkedHashMap<>();

    /// What is whole is not refused any more, however often it is asked for.
    private final Set<MachineId> made = new HashSet<>();

    /// What was removed does not come up after all: requests about one machine are done in order.
    private final Set<MachineId> removed = new HashSet<>();

    SimulatedProvider(Simulation simulation) {
        this.simulation = simulation;
    }

    /// The machines that are there from the start.
    void begin() {
        for (Machine machine : simulation.scenario().machines()) {
            SimulatedAgent agent = new SimulatedAgent(simulation, machine.id(), machine.name());
            agents.put(machine.id(), agent);
            agent.begin("credential-of-" + machine.name());
        }
    }

    /// One whose machine is at work, if there is one: there a fault hurts most.
    SimulatedAgent any(Random random) {
        List<SimulatedAgent> all = new ArrayList<>(agents.values());
        List<SimulatedAgent> busy = all.stream().filter(SimulatedAgent::isBusy).toList();
        if (!busy.isEmpty() && random.nextInt(4) > 0) {
            return busy.get(random.nextInt(busy.size()));
        }
        return all.get(random.nextInt(all.size()));
    }

    void create(Effect.CreateInstance request) {
        simulation.after(
                simulation.between(500, 15_000),
                () -> {
                    MachineId id = request.machine();
                    if (removed.contains(id)) {
                        return;
                    }
                    if (!agents.containsKey(id) && simulation.happens(0.3)) {
                        tell(new Input.InstanceFailed(id, "provider.busy", "try later", true));
                        return;
                    }
                    boolean full = request.provider().equals(FULL) && !made.contains(id);
                    if (full && simulation.happens(0.6)) {
                        if (simulation.happens(0.3)) {
                            agents.computeIfAbsent(id, _ -> agent(request));
                        }
                        tell(new Input.InstanceFailed(id, "provider.quota", "full", false));
                        return;
                    }
                    made.add(id);
                    agents.computeIfAbsent(id, _ -> agent(request));
                    tell(
                            new Input.InstanceCreated(
                                    id,
                                    "i-" + request.name(),
                                    Optional.empty(),
                                    Hardware.NONE,
                                    List.of()));
                });
    }

    private SimulatedAgent agent(Effect.CreateInstance request) {
        SimulatedAgent agent = new SimulatedAgent(simulation, request.machine(), request.name());
        agent.install(request.bootToken());
        return agent;
    }

    void remove(Effect.RemoveInstance request) {
        simulation.after(
                simulation.between(500, 15_000),
                () -> {
                    if (simulation.happens(0.2)) {
                        tell(
                                new Input.InstanceFailed(
                                        request.machine(), "provider.busy", "try later", true));
                        return;
                    }
                    removed.add(request.machine());
                    SimulatedAgent agent = agents.remove(request.machine());
                    if (agent != null) {
                        agent.removed();
                    }
                    tell(new Input.InstanceRemoved(request.machine()));
                });
    }

    void power(Effect.SwitchPower request) {
        simulation.after(
                simulation.between(500, 15_000),
                () -> {
                    MachineId id = request.machine();
                    SimulatedAgent agent = agents.get(id);
                    if (agent == null || simulation.happens(0.2)) {
                        tell(new Input.InstanceFailed(id, "provider.busy", "try later", true));
                        return;
                    }
                    agent.power(request.on());
                    tell(new Input.InstanceSwitched(id, request.on()));
                });
    }

    void restart(MachineId machine) {
        SimulatedAgent agent = agents.get(machine);
        if (agent != null) {
            agent.restart();
        }
    }

    boolean anyProcess(NodeKey key) {
        return agents.values().stream().anyMatch(agent -> agent.runs(key));
    }

    /// The machines that there are.
    Set<MachineId> machines() {
        return Set.copyOf(agents.keySet());
    }

    /// Everything that runs, on whatever machine.
    Stream<JobRecord> processes() {
        return agents.values().stream().flatMap(SimulatedAgent::processes);
    }

    private void tell(Input answer) {
        simulation.engine().deliver(answer, _ -> {});
    }
}
