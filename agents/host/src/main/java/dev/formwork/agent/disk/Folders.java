package dev.formwork.agent.disk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/// Removes whole folders, with care for what a script may have left in them.
public final class Folders {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    private Folders() {}

    /// Removes a folder and all below it; nothing where there is none. Follows no link, and touches
    /// nothing where something is mounted below the folder.
    ///
    /// @throws IOException also where something is mounted
    public static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        refuseMounts(folder.toAbsolutePath());
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void refuseMounts(Path folder) throws IOException {
        if (!Files.exists(MOUNTS)) {
            return;
        }
        List<String> mounts = Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1);
        for (String mount : mounts) {
            String[] fields = mount.split(" ", 3);
            if (fields.length > 1 && fields[1].startsWith(folder + "/")) {
                throw new IOException("something is mounted below " + folder);
            }
        }
    }
}
