package dev.formwork.provider.gce;

import com.google.api.client.http.HttpTransport;

import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Console;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Pause;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Retries;

/// A project of Google Cloud as a place that machines come from. Holds no state but connections.
final class GceProvider implements Provider {
    private final String name;
    private final Compute compute;
    private final Capabilities capabilities;

    private GceProvider(String name, Compute compute, Capabilities capabilities) {
        this.name = name;
        this.compute = compute;
        this.capabilities = capabilities;
    }

    /// @param transport over which Google is spoken to
    static GceProvider open(
            ProviderContext context, GceSettings settings, HttpTransport transport, Pause pause) {
        Compute compute =
                new Compute(
                        context.name(),
                        settings,
                        transport,
                        new Retries(context.random(), pause),
                        context.clock());
        Place place = new Place(context.engine(), compute);
        Operations operations = new Operations(compute, settings.operation());
        return new GceProvider(
                context.name(),
                compute,
                Capabilities.none()
                        .with(
                                InstanceLifecycle.class,
                                new GceInstances(
                                        context.name(),
                                        settings,
                                        compute,
                                        place,
                                        operations,
                                        context.clock(),
                                        context.install()))
                        .with(PowerControl.class, new GcePower(compute, place, operations))
                        .with(Console.class, new GceConsole(compute, place)));
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
        compute.close();
    }
}
