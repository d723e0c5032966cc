package dev.formwork.provider.tck;

import dev.formwork.model.module.ClusterSpec.Group;
import dev.formwork.model.module.ClusterSpec.Members;
import dev.formwork.model.module.ClusterSpec.Place;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the clusters of `examples/clouds` ask of a provider, so that its tests can make it.
public final class ExampleMachines {
    private static final Path FOLDER = Path.of("../../examples/clouds");

    private ExampleMachines() {}

    /// @param file of the cluster in that cloud alone
    /// @param provider what the cluster over several clouds calls the provider
    public static List<Value.Struct> of(String file, String provider) throws IOException {
        List<Value.Struct> all = new ArrayList<>();
        for (Group group : groups(file)) {
            if (group.members() instanceof Members.Made made) {
                all.add(made.machine());
            }
        }
        for (Group group : groups("cluster.yaml")) {
            if (group.members() instanceof Members.Placed placed) {
                placed.places().stream()
                        .filter(place -> place.provider().equals(provider))
                        .map(Place::machine)
                        .forEach(all::add);
            }
        }
        return all;
    }

    private static Iterable<Group> groups(String file) throws IOException {
        return ClusterLoader.load(file, Files.readString(FOLDER.resolve(file))).groups().values();
    }
}
