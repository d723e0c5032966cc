package dev.formwork.provider.openstack.config;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The clouds of a `clouds.yaml`, each laid over with what `secure.yaml` beside it says of it.
///
/// @param file where they are from
/// @param clouds by name; the values are the file's own texts, numbers, truth values and structs
record CloudsFile(Path file, Map<String, Map<String, Object>> clouds) {
    private static final int MOST_ALIASES = 50;

    CloudsFile {
        clouds = Map.copyOf(clouds);
    }

    /// Reads it.
    ///
    /// @throws IOException where it cannot be read or is none
    static CloudsFile read(Path file) throws IOException {
        Map<String, Map<String, Object>> clouds = new TreeMap<>(cloudsOf(file));
        Path secure = file.resolveSibling("secure.yaml");
        if (Files.isReadable(secure)) {
            cloudsOf(secure)
                    .forEach((name, more) ->
                            clouds.computeIfPresent(name, (_, cloud) -> laidOver(cloud, more)));
        }
        return new CloudsFile(file, clouds);
    }

    /// The first of these that is there.
    static Optional<Path> first(Iterable<Path> candidates) {
        for (Path each : candidates) {
            if (Files.isReadable(each)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private static Map<String, Map<String, Object>> cloudsOf(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        Object loaded;
        try {
            loaded = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
        } catch (YAMLException wrong) {
            // The parser's own words quote the file, and with it perhaps a password.
            throw new IOException(file + " is no YAML");
        }
        Map<String, Map<String, Object>> clouds = new TreeMap<>();
        struct(struct(loaded).get("clouds"))
                .forEach((name, cloud) -> clouds.put(name, struct(cloud)));
        return clouds;
    }

    static Map<String, Object> struct(@org.jspecify.annotations.Nullable Object value) {
        Map<String, Object> struct = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> {
                if (each != null) {
                    struct.put(String.valueOf(key), each);
                }
            });
        }
        return struct;
    }

    private static Map<String, Object> laidOver(
            Map<String, Object> base, Map<String, Object> more) {
        Map<String, Object> both = new LinkedHashMap<>(base);
        more.forEach((key, value) ->
                both.merge(
                        key,
                        value,
                        (below, above) ->
                                above instanceof Map<?, ?>
                                        ? laidOver(struct(below), struct(above))
                                        : above));
        return both;
    }
}
