package dev.formwork.provider.redfish;

import dev.formwork.provider.BootControl;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.EventLog;
import dev.formwork.provider.FirmwareControl;
import dev.formwork.provider.Identify;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Inventory;
import dev.formwork.provider.Pause;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Retries;
import dev.formwork.provider.Sensors;
import dev.formwork.provider.Steps;
import dev.formwork.provider.VirtualMedia;
import dev.formwork.provider.bmc.BmcPlace;
import dev.formwork.provider.bmc.BmcSettings;
import dev.formwork.provider.bmc.NodeBoot;
import dev.formwork.provider.bmc.NodeInstances;
import dev.formwork.provider.bmc.NodePower;
import dev.formwork.provider.bmc.NodeReports;
import dev.formwork.provider.redfish.client.HttpExchange;

import java.time.Duration;
import java.util.Optional;

/// Nodes behind controllers that speak Redfish. Holds no state but connections and sessions.
final class RedfishProvider implements Provider {
    private final BmcPlace place;
    private final HttpExchange http;
    private final Later later;
    private final Capabilities capabilities;

    private RedfishProvider(
            BmcPlace place, HttpExchange http, Later later, Capabilities capabilities) {
        this.place = place;
        this.http = http;
        this.later = later;
        this.capabilities = capabilities;
    }

    /// How it waits, which tests have their own ways for.
    ///
    /// @param answer for which one waits; empty where the configuration says
    /// @param pause before one asks again
    /// @param power between two looks at a node's power; empty where it is as always
    record Waiting(Optional<Duration> answer, Pause pause, Optional<Duration> power) {
        static final Waiting REAL = new Waiting(Optional.empty(), Pause.REAL, Optional.empty());
    }

    static RedfishProvider open(ProviderContext context, Steps steps, Waiting waiting) {
        RedfishSettings settings = RedfishSettings.read(context);
        HttpExchange http = new HttpExchange(settings::trustOf, settings.connect());
        Later later = Later.onAThread(context.name());
        try {
            BmcSettings nodes =
                    settings.nodes(
                            http,
                            waiting.answer().orElse(settings.patience()),
                            new Retries(context.random(), waiting.pause()),
                            later);
            BmcPlace place =
                    BmcPlace.of(context, waiting.power().map(nodes::pausing).orElse(nodes), steps);
            return new RedfishProvider(place, http, later, capabilities(place));
        } catch (RuntimeException refused) {
            later.close();
            http.close();
            throw refused;
        }
    }

    private static Capabilities capabilities(BmcPlace place) {
        NodeReports reports = new NodeReports(place);
        return Capabilities.none()
                .with(InstanceLifecycle.class, new NodeInstances(place))
                .with(PowerControl.class, new NodePower(place))
                .with(BootControl.class, new NodeBoot(place))
                .with(Inventory.class, reports)
                .with(Sensors.class, reports)
                .with(EventLog.class, reports)
                .with(Identify.class, reports)
                .with(VirtualMedia.class, new NodeMedia(place))
                .with(FirmwareControl.class, new NodeFirmware(place));
    }

    @Override
    public String name() {
        return place.provider();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /// Ends the sessions; machines live on.
    @Override
    public void close() {
        later.close();
        place.close();
        http.close();
    }
}
