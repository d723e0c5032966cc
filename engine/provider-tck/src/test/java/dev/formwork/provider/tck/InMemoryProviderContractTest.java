package dev.formwork.provider.tck;

import dev.formwork.provider.InstanceRef;

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
                AgentSupervisionContract {
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
}
