package dev.formwork.provider.gce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.module.ClusterSpec.Group;
import dev.formwork.model.module.ClusterSpec.Members;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// The machines of `examples/clouds` can be made.
class ExampleIT {
    private static final Path EXAMPLES = Path.of("../../examples/clouds");

    @Test
    void theMachinesOfTheExamplesCanBeMade() throws IOException {
        try (GceBench bench = new GceBench();
                Provider provider = bench.open(new EngineId("engine-one"))) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            int number = 0;
            for (Value.Struct machine : machines()) {
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

    private static Iterable<Value.Struct> machines() throws IOException {
        Stream.Builder<Value.Struct> all = Stream.builder();
        for (String name : new String[] {"gce.yaml", "cluster.yaml"}) {
            String text = Files.readString(EXAMPLES.resolve(name));
            for (Group group : ClusterLoader.load(name, text).groups().values()) {
                if (group.members() instanceof Members.Made made) {
                    all.add(made.machine());
                }
                if (group.members() instanceof Members.Placed placed) {
                    placed.places().stream()
                            .filter(place -> place.provider().equals("google"))
                            .forEach(place -> all.add(place.machine()));
                }
            }
        }
        return all.build().toList();
    }
}
