package dev.formwork.provider.tck;

import dev.formwork.provider.InstanceRef;

class InMemoryProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                PowerControlContract,
                AgentSupervisionContract {
    private final InMemoryBench bench = new InMemoryBench();

    @Override
    public ProviderBench bench() {
        return bench;
    }

    @Override
    public void crashAgent(InstanceRef ref) {
        bench.cloud().crashAgent(ref);
    }
}
