package dev.formwork.provider.gce;

import dev.formwork.provider.tck.InstanceFaultContract;
import dev.formwork.provider.tck.RemoteBench;

class GceFaultContractTest implements InstanceFaultContract {
    private final GceBench bench = new GceBench().impatient();

    @Override
    public RemoteBench bench() {
        return bench;
    }
}
