package dev.formwork.provider.ssh;

import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;

/// Looks after the agents on hosts: after a host's reboot too, nothing else starts them.
final class SshAgents implements AgentSupervision {
    private final SshPlace place;
    private final AgentDelivery delivery;
    private final WorkedHosts worked;

    SshAgents(SshPlace place, AgentDelivery delivery, WorkedHosts worked) {
        this.place = place;
        this.delivery = delivery;
        this.worked = worked;
    }

    @Override
    public boolean agentRunning(InstanceRef ref) {
        place.begin("look for the agent of " + ref);
        HostState state = place.require(ref);
        return state.has(state.host().agentless() ? "worked" : "running");
    }

    @Override
    public void restartAgent(InstanceRef ref) {
        place.begin("restart the agent of " + ref);
        HostState state = whole(ref);
        if (state.host().agentless()) {
            worked.take(state.host(), place.markOf(state));
        } else {
            delivery.restart(state.host(), place.markOf(state));
        }
    }

    /// Agents on hosts are processes of their own. A host without one is worked from here.
    @Override
    public void takeUpAgent(InstanceRef ref) {
        place.begin("take up the agent of " + ref);
        if (place.isWorked(ref)) {
            HostState state = whole(ref);
            worked.takeUp(state.host(), place.markOf(state));
        }
    }

    private HostState whole(InstanceRef ref) {
        HostState state = place.require(ref);
        if (!state.has("ready") || state.has("deleting")) {
            throw ProviderCode.CONFLICT.problem(
                    "instance %s is half-made or being deleted".formatted(ref),
                    "repeat its create, or its delete");
        }
        return state;
    }
}
