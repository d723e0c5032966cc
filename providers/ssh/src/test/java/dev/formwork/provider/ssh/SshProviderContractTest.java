package dev.formwork.provider.ssh;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.tck.AgentSupervisionContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.ProviderBench;

import java.io.IOException;
import java.io.UncheckedIOException;

class SshProviderContractTest
        implements InstanceLifecycleContract, InstanceCrashContract, AgentSupervisionContract {
    private final SshBench bench = new SshBench(12);

    @Override
    public ProviderBench bench() {
        return bench;
    }

    @Override
    public void crashAgent(InstanceRef ref) {
        try {
            SshBench.kill(Long.parseLong(bench.read(ref, "agent.pid").split(" ", -1)[0]));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
