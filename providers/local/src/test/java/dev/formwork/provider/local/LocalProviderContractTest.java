package dev.formwork.provider.local;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.host.HostRequirements;
import dev.formwork.provider.tck.AgentSupervisionContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.ProviderBench;

import java.io.IOException;
import java.io.UncheckedIOException;

class LocalProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                PowerControlContract,
                AgentSupervisionContract {
    private final LocalBench bench = new LocalBench();

    @Override
    public ProviderBench bench() {
        return bench;
    }

    @Override
    public void crashAgent(InstanceRef ref) {
        try {
            bench.kill(
                    new AgentProcess(bench.table, HostRequirements.DEFAULT_PATH)
                            .find(bench.directory(ref))
                            .orElseThrow());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
