package dev.formwork.provider.tck;

import dev.formwork.provider.Retries;

import java.util.Random;

/// The place in memory over HTTP, asked again as it should be, passes.
class HttpProviderContractTest implements InstanceLifecycleContract, InstanceFaultContract {
    private final HttpBench bench =
            new HttpBench(pauses -> new Retries(new Random(), pauses)::call);

    @Override
    public RemoteBench bench() {
        return bench;
    }
}
