package dev.formwork.provider.qemu;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.tck.BootControlContract;
import dev.formwork.provider.tck.ConsoleContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.ProviderBench;

import org.junit.jupiter.api.BeforeAll;

class QemuProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                PowerControlContract,
                BootControlContract,
                ConsoleContract {
    private final QemuBench bench = new QemuBench();

    @BeforeAll
    static void needsQemu() {
        QemuPackages.need();
    }

    @Override
    public ProviderBench bench() {
        return bench;
    }

    @Override
    public void print(InstanceRef ref, byte[] text) {
        bench.print(ref, text);
    }
}
