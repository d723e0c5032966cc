package dev.formwork.provider.tck;

import dev.formwork.provider.InstanceRef;

class InMemoryProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                PowerControlContract,
                BootControlContract,
                ConsoleContract,
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
    public void crashAgent(InstanceRef ref) {
        bench.cloud().crashAgent(ref);
    }
}
