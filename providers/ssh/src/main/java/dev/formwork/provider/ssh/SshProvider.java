package dev.formwork.provider.ssh;

import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.LinkedJava;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Steps;
import dev.formwork.provider.ssh.connection.RemoteHosts;

import java.io.IOException;

/// Existing hosts as machines. Holds no state but connections, and the work on hosts without an
/// agent.
final class SshProvider implements Provider {
    private final SshPlace place;
    private final RemoteHosts hosts;
    private final WorkedHosts worked;
    private final Capabilities capabilities;

    private SshProvider(
            SshPlace place, RemoteHosts hosts, WorkedHosts worked, Capabilities capabilities) {
        this.place = place;
        this.hosts = hosts;
        this.worked = worked;
        this.capabilities = capabilities;
    }

    static SshProvider open(ProviderContext context, SshSettings settings, Steps steps) {
        AgentProgram program;
        try {
            program = AgentProgram.of(context.agent());
        } catch (IOException failed) {
            throw ProviderCode.INVALID_CONFIG.problem(
                    "the agent's files cannot be read: " + failed,
                    "see the engine's installation",
                    failed);
        }
        RemoteHosts hosts =
                new RemoteHosts(settings.keys(), settings.knownHosts(), settings.limits());
        HostCommands commands =
                new HostCommands(hosts, context.engine(), settings.grace(), context.random());
        SshPlace place =
                new SshPlace(
                        context.name(),
                        context.engine(),
                        settings.inventory(),
                        commands,
                        new HostStates(commands::state));
        JavaParcel java = new JavaParcel(LinkedJava.own(context.dataDirectory()));
        AgentDelivery delivery =
                new AgentDelivery(commands, program, java, settings.engineUrls(), steps);
        WorkedHosts worked =
                new WorkedHosts(place, context.engineUrl(), context.dataDirectory(), steps);
        return new SshProvider(
                place,
                hosts,
                worked,
                Capabilities.none()
                        .with(
                                InstanceLifecycle.class,
                                new SshInstances(
                                        place,
                                        delivery,
                                        worked,
                                        steps,
                                        context.clock(),
                                        context.random()))
                        .with(AgentSupervision.class, new SshAgents(place, delivery, worked)));
    }

    @Override
    public String name() {
        return place.provider();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /// Machines live on.
    @Override
    public void close() {
        worked.close();
        place.close();
        hosts.close();
    }
}
