package dev.formwork.provider.gce;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.tck.ConsoleContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.ProviderBench;

class GceProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                PowerControlContract,
                ConsoleContract {
    private final GceBench bench = new GceBench();

    @Override
    public ProviderBench bench() {
        return bench;
    }

    @Override
    public void print(InstanceRef ref, byte[] text) {
        GceRef instance = GceRef.of(ref).orElseThrow();
        bench.project().print(instance.zone(), instance.name(), text);
    }
}
