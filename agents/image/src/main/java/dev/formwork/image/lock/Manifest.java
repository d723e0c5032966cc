package dev.formwork.image.lock;

import dev.formwork.model.ProblemException;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The locked list of packages. Same manifest, same image.
///
/// @param architecture as Debian calls it
/// @param packages by name
public record Manifest(String architecture, List<LockedPackage> packages) {
    private static final String FORMAT = "formwork-image/1";

    public Manifest {
        packages = packages.stream().sorted(Comparator.comparing(LockedPackage::name)).toList();
    }

    public Optional<LockedPackage> named(String name) {
        return packages.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /// @throws ProblemException `image.bad-manifest`
    public static Manifest read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw bad(file.toString(), String.valueOf(e.getMessage()));
        }
    }

    /// @param from where the text comes from, for the words of a problem
    /// @throws ProblemException `image.bad-manifest`
    public static Manifest parse(String text, String from) {
        try {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            if (!(document instanceof Map<?, ?> fields)
                    || !FORMAT.equals(fields.get("format"))
                    || !(fields.get("packages") instanceof List<?> list)) {
                throw bad(from, "it is not of the format " + FORMAT);
            }
            List<LockedPackage> packages = new ArrayList<>();
            for (Object each : list) {
                if (!(each instanceof Map<?, ?> one)) {
                    throw bad(from, "a package is no mapping");
                }
                packages.add(
                        new LockedPackage(
                                text(one, "name"),
                                text(one, "version"),
                                text(one, "architecture"),
                                text(one, "path"),
                                text(one, "sha256"),
                                Long.parseLong(text(one, "size"))));
            }
            return new Manifest(text(fields, "architecture"), packages);
        } catch (YAMLException | IllegalArgumentException e) {
            throw bad(from, String.valueOf(e.getMessage()));
        }
    }

    /// As [#parse] reads it; the same manifest gives the same text.
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("# Made by `formwork image lock`. Same manifest, same image.\n");
        text.append("format: ").append(FORMAT).append('\n');
        text.append("architecture: ").append(architecture).append('\n');
        text.append("packages:\n");
        for (LockedPackage each : packages) {
            text.append("  - name: ").append(each.name()).append('\n');
            text.append("    version: '").append(each.version()).append("'\n");
            text.append("    architecture: ").append(each.architecture()).append('\n');
            text.append("    path: ").append(each.path()).append('\n');
            text.append("    sha256: '").append(each.sha256()).append("'\n");
            text.append("    size: ").append(each.size()).append('\n');
        }
        return text.toString();
    }

    private static String text(Map<?, ?> fields, String key) {
        Object value = fields.get(key);
        if (value == null || value instanceof Map || value instanceof List) {
            throw new IllegalArgumentException("there is no " + key);
        }
        return value.toString();
    }

    private static ProblemException bad(String from, String why) {
        return ProblemException.of(
                "image.bad-manifest",
                from + " can't be used: " + why,
                "make it anew with `formwork image lock`");
    }
}
