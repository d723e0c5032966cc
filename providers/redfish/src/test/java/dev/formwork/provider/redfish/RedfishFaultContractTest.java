package dev.formwork.provider.redfish;

import dev.formwork.model.value.Value;
import dev.formwork.provider.tck.InstanceFaultContract;
import dev.formwork.provider.tck.RemoteBench;

import java.time.Duration;
import java.util.List;

class RedfishFaultContractTest implements InstanceFaultContract {
    private final RedfishBench bench =
            new RedfishBench(2, Duration.ofMillis(250))
                    // Fewer calls, each of which fails in each way; the whole is in the other test.
                    .with("mark", Value.of("none"))
                    .with(
                            "nodes",
                            Value.of(
                                    List.of(
                                            RedfishBench.node("node-1", "52:54:00:00:00:01"),
                                            RedfishBench.node("node-2", "52:54:00:00:00:02"))));

    @Override
    public RemoteBench bench() {
        return bench;
    }
}
