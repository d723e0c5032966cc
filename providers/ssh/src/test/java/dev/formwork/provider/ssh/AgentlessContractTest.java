package dev.formwork.provider.ssh;

import dev.formwork.model.value.Value;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.tck.AgentSupervisionContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.ProviderBench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/// Hosts that are worked without an agent: `agent: none`.
class AgentlessContractTest
        implements InstanceLifecycleContract, InstanceCrashContract, AgentSupervisionContract {
    private final SshBench bench = new SshBench(12).with("agent", Value.of("none"));

    @Override
    public ProviderBench bench() {
        return bench;
    }

    /// There is no process that could crash. That nobody works the machine any more is seen by the
    /// file that says who does.
    @Override
    public void crashAgent(InstanceRef ref) {
        try {
            Files.delete(bench.directory(ref).resolve("machine/worker"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
