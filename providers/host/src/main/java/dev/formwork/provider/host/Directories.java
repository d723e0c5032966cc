package dev.formwork.provider.host;

import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/// Makes directories, and removes what is in them, whatever it is.
public final class Directories {
    private Directories() {}

    /// The real path of a provider's directory, which is what its processes say of themselves; the
    /// directory is made where there is none.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.invalid-config`
    public static Path real(Path data) {
        try {
            return Files.createDirectories(data).toRealPath();
        } catch (IOException failed) {
            throw ProviderCode.INVALID_CONFIG.problem(
                    "the data directory %s cannot be made: %s".formatted(data, failed),
                    "give one that can be written",
                    failed);
        }
    }

    /// Removes all that is in a directory, but for `kept`, following no symbolic link.
    public static void empty(Path directory, @Nullable Path kept) throws IOException {
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path dir, BasicFileAttributes attributes) throws IOException {
                        if (!Files.isWritable(dir) || !Files.isExecutable(dir)) {
                            Files.setPosixFilePermissions(
                                    dir, PosixFilePermissions.fromString("rwx------"));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (!file.equals(kept)) {
                            Files.deleteIfExists(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        // A directory that its owner may not read.
                        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                                && !Files.isReadable(file)) {
                            Files.setPosixFilePermissions(
                                    file, PosixFilePermissions.fromString("rwx------"));
                            empty(file, kept);
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path dir, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        if (!dir.equals(directory)) {
                            Files.deleteIfExists(dir);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
