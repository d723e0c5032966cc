package dev.formwork.cli.plan;

import dev.formwork.model.yaml.PackLoader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Finds the pack that a file belongs to: the nearest folder upwards with a `pack.yaml`.
public final class PackFinder {
    private PackFinder() {}

    /// @param file a file or a folder
    public static Optional<Path> around(Path file) {
        Path start = file.toAbsolutePath().normalize();
        for (Path folder = Files.isDirectory(start) ? start : start.getParent();
                folder != null;
                folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve(PackLoader.FILE))) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }
}
