package dev.formwork.provider.aws;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.tck.ConsoleContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceFaultContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.RemoteBench;

class AwsProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                InstanceFaultContract,
                PowerControlContract,
                ConsoleContract {
    private final AwsBench bench = new AwsBench();

    @Override
    public RemoteBench bench() {
        return bench;
    }

    @Override
    public void print(InstanceRef ref, byte[] text) {
        bench.place().print(ref.value(), text);
    }
}
