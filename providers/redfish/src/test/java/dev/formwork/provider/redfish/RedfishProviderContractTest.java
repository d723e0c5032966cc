package dev.formwork.provider.redfish;

import dev.formwork.model.value.Value;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.tck.BootControlContract;
import dev.formwork.provider.tck.EventLogContract;
import dev.formwork.provider.tck.FirmwareControlContract;
import dev.formwork.provider.tck.IdentifyContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.InventoryContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.ProviderBench;
import dev.formwork.provider.tck.SensorsContract;
import dev.formwork.provider.tck.VirtualMediaContract;

import java.net.URI;
import java.util.Map;

class RedfishProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                PowerControlContract,
                BootControlContract,
                InventoryContract,
                SensorsContract,
                EventLogContract,
                IdentifyContract,
                VirtualMediaContract,
                FirmwareControlContract {
    private final RedfishBench bench = new RedfishBench(10);

    @Override
    public ProviderBench bench() {
        return bench;
    }

    @Override
    public void note(InstanceRef ref) {
        bench.service.change(bench.nodeOf(ref), system -> system.log.add("Fan 1 failed"));
    }

    @Override
    public boolean blinks(InstanceRef ref) {
        return bench.service.look(bench.nodeOf(ref), system -> system.located).equals("true");
    }

    @Override
    public URI firmwareImage() {
        return URI.create("http://images.example/bios-2.0.img");
    }

    @Override
    public String versionAfterwards() {
        return "2.0";
    }

    @Override
    public Map.Entry<String, Value> otherBios() {
        return Map.entry("Turbo", Value.of(false));
    }
}
