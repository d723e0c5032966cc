package dev.formwork.provider.openstack;

import dev.formwork.model.value.Value;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.tck.ConsoleContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceFaultContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.RemoteBench;

import java.nio.charset.StandardCharsets;

/// With a floating address and a server group, so that there is something of each kind to lose.
class OpenStackProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                InstanceFaultContract,
                PowerControlContract,
                ConsoleContract {
    private final OpenStackBench bench =
            new OpenStackBench()
                    .with("floating_network", Value.of("public"))
                    .with("server_group", Value.of("apart"))
                    .with("server_group_policy", Value.of("soft-anti-affinity"));

    @Override
    public RemoteBench bench() {
        return bench;
    }

    @Override
    public void print(InstanceRef ref, byte[] text) {
        bench.cloud.print(
                ServerName.parse(ref.value()).orElseThrow().machine().value(),
                // As Nova reads it.
                new String(text, StandardCharsets.UTF_8).replace("\ufffd", ""));
    }
}
