package dev.formwork.provider.bmc;

import dev.formwork.provider.EventLog;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.Identify;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Inventory;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.Sensors;

import java.time.Duration;
import java.util.List;

/// Passes on what controllers say of their nodes, and lets their lights blink.
public final class NodeReports implements Inventory, Sensors, EventLog, Identify {
    private final BmcPlace place;

    public NodeReports(BmcPlace place) {
        this.place = place;
    }

    @Override
    public MachineInventory inventory(InstanceRef ref) {
        place.begin("take the inventory of " + ref);
        return place.node(ref).controller().inventory();
    }

    @Override
    public List<SensorReading> sensors(InstanceRef ref) {
        place.begin("read the sensors of " + ref);
        return place.node(ref).controller().sensors();
    }

    @Override
    public List<HardwareEvent> events(InstanceRef ref, int most) {
        place.begin("read the event log of " + ref);
        return place.node(ref).controller().events(most);
    }

    @Override
    public void identify(OperationToken token, InstanceRef ref, Duration howLong) {
        place.begin("let %s be found".formatted(ref));
        place.node(ref).controller().identify(howLong);
    }
}
