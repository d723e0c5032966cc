package dev.formwork.provider.openstack;

import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Console;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Retries;
import dev.formwork.provider.openstack.api.Session;
import dev.formwork.provider.openstack.api.Transport;

/// One project of an OpenStack cloud. Holds no state but a token and connections.
final class OpenStackProvider implements Provider {
    private final OpenStackPlace place;
    private final Capabilities capabilities;
    private final Runnable onClose;

    private OpenStackProvider(OpenStackPlace place, Capabilities capabilities, Runnable onClose) {
        this.place = place;
        this.capabilities = capabilities;
        this.onClose = onClose;
    }

    /// @param onClose ends the transport
    static OpenStackProvider open(
            ProviderContext context,
            OpenStackSettings settings,
            Transport transport,
            Retries retries,
            Runnable onClose) {
        OpenStackPlace place =
                new OpenStackPlace(
                        context.name(),
                        context.engine(),
                        new Session(settings.access(), transport, context.clock()),
                        retries,
                        context.clock());
        ServerRemoval removal = new ServerRemoval(place, settings.operation());
        ServerMaking making = new ServerMaking(place, removal, context.install());
        return new OpenStackProvider(
                place,
                Capabilities.none()
                        .with(
                                InstanceLifecycle.class,
                                new OpenStackInstances(place, making, removal, settings.address()))
                        .with(PowerControl.class, new OpenStackPower(place, settings.operation()))
                        .with(Console.class, new OpenStackConsole(place)),
                onClose);
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
        place.close();
        onClose.run();
    }
}
