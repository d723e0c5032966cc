package dev.formwork.cli.serve;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.YamlValues;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What providers are opened with: by name, with the `type` where that is another one.
///
/// ```yaml
/// lab: {type: qemu, network: bridge, bridge: br0}
/// ```
final class ProviderSettings {
    private ProviderSettings() {}

    /// @param file if there is one
    /// @param machines where the providers of this host keep their machines, unless the file says
    ///   so
    /// @throws ProblemException `cli.unreadable-file`, `cli.bad-value`, `yaml.*`
    static Map<String, Value.Struct> read(Optional<Path> file, Optional<Path> machines) {
        Map<String, Value.Struct> all = new TreeMap<>();
        file.ifPresent(path -> all.putAll(read(path)));
        machines.ifPresent(directory -> {
            put(all, "local", directory);
            put(all, "qemu", directory.resolve("qemu"));
        });
        return all;
    }

    private static void put(Map<String, Value.Struct> all, String name, Path directory) {
        Map<String, Value> settings =
                new TreeMap<>(all.getOrDefault(name, Value.Struct.EMPTY).fields());
        settings.putIfAbsent("directory", Value.of(directory.toString()));
        all.put(name, Value.of(settings));
    }

    private static Map<String, Value.Struct> read(Path file) {
        Map<String, Value.Struct> all = new TreeMap<>();
        if (!(YamlValues.read(file.toString(), text(file)) instanceof Value.Struct named)) {
            throw wrong(file, "it holds no providers by name");
        }
        named.fields()
                .forEach((name, settings) -> {
                    if (!(settings instanceof Value.Struct known)) {
                        throw wrong(file, "the settings of " + name + " are none");
                    }
                    all.put(name, known);
                });
        return all;
    }

    /// @throws ProblemException `cli.unreadable-file`
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "cli.unreadable-file",
                                    "%s cannot be read: %s".formatted(file, e),
                                    "give a file of YAML")),
                    e);
        }
    }

    private static ProblemException wrong(Path file, String why) {
        return ProblemException.of(
                "cli.bad-value",
                "%s: %s".formatted(file, why),
                "such as `lab: {type: qemu, network: bridge, bridge: br0}`");
    }
}
