package dev.formwork.provider.aws;

import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Console;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Pause;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Retries;

/// Instances of EC2 as machines. Holds no state but connections, and the consoles that were read
/// last.
final class AwsProvider implements Provider {
    private final String name;
    private final AwsCalls calls;
    private final Capabilities capabilities;

    private AwsProvider(String name, AwsCalls calls, Capabilities capabilities) {
        this.name = name;
        this.calls = calls;
        this.capabilities = capabilities;
    }

    /// @param clients owned
    static AwsProvider open(
            ProviderContext context, AwsSettings settings, AwsClients clients, Pause pause) {
        AwsCalls calls =
                new AwsCalls(
                        context.name(),
                        clients,
                        new Retries(context.random(), pause),
                        settings.patience());
        OwnInstances own =
                new OwnInstances(
                        calls,
                        new Marks(context.engine()),
                        new JustMade(context.clock()),
                        settings.publicAddress());
        Launch launch =
                new Launch(
                        calls,
                        own.marks(),
                        new UserData(context.install()),
                        new Images(calls, context.clock()),
                        new Networks(calls, context.clock()));
        return new AwsProvider(
                context.name(),
                calls,
                Capabilities.none()
                        .with(
                                InstanceLifecycle.class,
                                new Ec2Instances(context.name(), calls, own, launch))
                        .with(PowerControl.class, new Ec2Power(calls, own))
                        .with(Console.class, new Ec2Console(calls, own)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /// Machines live on.
    @Override
    public void close() {
        calls.close();
    }
}
