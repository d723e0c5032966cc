package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.ExampleMachines;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

/// The machines of `examples/clouds` can be made.
class ExampleIT {
    @Test
    void theMachinesOfTheExamplesCanBeMade() throws IOException {
        try (AwsBench bench = new AwsBench();
                Provider provider = bench.open(new EngineId("engine-one"))) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            int number = 0;
            for (Value.Struct machine : ExampleMachines.of("aws.yaml", "amazon")) {
                lifecycle.create(
                        new OperationToken("token-" + number),
                        new InstanceRequest(
                                new MachineId("m-" + number),
                                "example-members-" + number,
                                new BootToken("boot-token"),
                                Map.of(),
                                machine));
                number++;
            }
            assertThat(lifecycle.list()).hasSize(2);
        }
    }
}
