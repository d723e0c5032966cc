package dev.formwork.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A hundred hosts, all of them asked for at once by two engines on one store.
class ManyHostsIT {
    private static final int HOSTS = 100;
    private static final EngineId ENGINE = new EngineId("engine-one");

    private final SshBench bench = new SshBench(HOSTS);

    @AfterEach
    void endAll() {
        bench.close();
    }

    private static InstanceRequest request(int i) {
        return new InstanceRequest(
                new MachineId("m-" + i),
                "many-" + i,
                new BootToken("the-token-" + i),
                Map.of(),
                Value.Struct.EMPTY);
    }

    @Test
    void aHundredMachinesAreMadeListedAndDeleted() throws Exception {
        try (Provider here = bench.open(ENGINE);
                Provider there = bench.open(ENGINE);
                ExecutorService callers =
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("caller-", 0).factory())) {
            List<Future<Instance>> made = new ArrayList<>();
            for (int i = 0; i < HOSTS; i++) {
                InstanceLifecycle lifecycle =
                        (i % 2 == 0 ? here : there).capability(InstanceLifecycle.class);
                InstanceRequest request = request(i);
                OperationToken token = new OperationToken("t-" + i);
                made.add(callers.submit(() -> lifecycle.create(token, request)));
            }
            List<Instance> instances = new ArrayList<>();
            for (Future<Instance> each : made) {
                instances.add(each.get());
            }
            InstanceLifecycle lifecycle = here.capability(InstanceLifecycle.class);

            assertThat(instances).extracting(Instance::address).doesNotHaveDuplicates();
            assertThat(lifecycle.list())
                    .hasSize(HOSTS)
                    .allSatisfy(i -> assertThat(i.state()).isEqualTo(InstanceState.RUNNING))
                    .extracting(Instance::ref)
                    .containsExactlyInAnyOrderElementsOf(
                            instances.stream().map(Instance::ref).toList());

            List<Future<?>> deleted = new ArrayList<>();
            for (Instance each : instances) {
                deleted.add(
                        callers.submit(
                                () -> lifecycle.delete(new OperationToken("d"), each.ref())));
            }
            for (Future<?> each : deleted) {
                each.get();
            }
            assertThat(lifecycle.list()).isEmpty();
            assertThat(bench.processes()).isEmpty();
        }
    }
}
