package dev.formwork.provider.tck;

import dev.formwork.model.value.Value;
import dev.formwork.provider.InstanceRef;

import java.net.URI;
import java.util.Map;

class InMemoryProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                PowerControlContract,
                BootControlContract,
                ConsoleContract,
                InventoryContract,
                SensorsContract,
                EventLogContract,
                IdentifyContract,
                AgentSupervisionContract,
                VirtualMediaContract,
                FirmwareControlContract {
    private final InMemoryBench bench = new InMemoryBench();

    @Override
    public ProviderBench bench() {
        return bench;
    }

    @Override
    public void print(InstanceRef ref, byte[] text) {
        bench.cloud().print(ref, text);
    }

    @Override
    public void note(InstanceRef ref) {
        bench.cloud().note(ref, "Fan 1 was replaced");
    }

    @Override
    public boolean blinks(InstanceRef ref) {
        return bench.cloud().blinks(ref);
    }

    @Override
    public void crashAgent(InstanceRef ref) {
        bench.cloud().crashAgent(ref);
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
