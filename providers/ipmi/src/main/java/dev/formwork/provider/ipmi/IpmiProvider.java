package dev.formwork.provider.ipmi;

import dev.formwork.provider.BootControl;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Console;
import dev.formwork.provider.EventLog;
import dev.formwork.provider.Identify;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Inventory;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Sensors;
import dev.formwork.provider.Steps;
import dev.formwork.provider.bmc.BmcPlace;
import dev.formwork.provider.bmc.BmcSettings;
import dev.formwork.provider.bmc.NodeBoot;
import dev.formwork.provider.bmc.NodeConsole;
import dev.formwork.provider.bmc.NodeInstances;
import dev.formwork.provider.bmc.NodePower;
import dev.formwork.provider.bmc.NodeReports;

/// Nodes behind IPMI controllers as machines. Holds no connection but those of consoles that it
/// keeps: each command makes its own.
final class IpmiProvider implements Provider {
    private final BmcPlace place;
    private final Capabilities capabilities;

    private IpmiProvider(BmcPlace place) {
        NodeReports reports = new NodeReports(place);
        this.place = place;
        Capabilities always =
                Capabilities.none()
                        .with(InstanceLifecycle.class, new NodeInstances(place))
                        .with(PowerControl.class, new NodePower(place))
                        .with(BootControl.class, new NodeBoot(place))
                        .with(Inventory.class, reports)
                        .with(Sensors.class, reports)
                        .with(EventLog.class, reports)
                        .with(Identify.class, reports);
        this.capabilities =
                place.keepsConsoles() ? always.with(Console.class, new NodeConsole(place)) : always;
    }

    static IpmiProvider open(ProviderContext context, BmcSettings settings, Steps steps) {
        return new IpmiProvider(BmcPlace.of(context, settings, steps));
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
    }
}
