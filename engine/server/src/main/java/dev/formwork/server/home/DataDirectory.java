package dev.formwork.server.home;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The engine's data directory, for its user alone. Thread-safe, but one engine at a time: the
/// store's lock sees to that.
public final class DataDirectory {
    private static final Set<PosixFilePermission> OWNER_FILE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path root;

    private DataDirectory(Path root) {
        this.root = root;
    }

    /// Opens the directory, and makes it where there is none.
    ///
    /// @throws ProblemException `server.data-directory`
    public static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root.getParent() == null ? root : root.getParent());
                Files.createDirectory(
                        root,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            return new DataDirectory(root);
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "server.data-directory",
                                    "cannot use the data directory " + root + ": " + e,
                                    "name another one with --data")),
                    e);
        }
    }

    public Path root() {
        return root;
    }

    public Path file(String name) {
        return root.resolve(name);
    }

    /// A directory below, for the engine's user alone; made where there is none.
    public Path directory(String name) {
        Path directory = root.resolve(name);
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(
                        directory,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
    }

    /// A file's text, if there is one.
    public Optional<String> read(String name) {
        Path file = file(name);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// Writes a file, mode 0600, as a whole or not at all, and survives a power loss.
    public void write(String name, byte[] content) {
        Path file = file(name);
        Path temporary = root.resolve("." + name + ".new");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary, PosixFilePermissions.asFileAttribute(OWNER_FILE));
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(root, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    public void delete(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file(name), e);
        }
    }

    /// 256 random bits in base64url, made at the first call and the same ever after.
    ///
    /// @throws ProblemException `server.secret-readable` where others may read the file
    public String secret(String name) {
        Optional<String> stored = read(name).map(String::strip);
        if (stored.isPresent() && !stored.get().isEmpty()) {
            requirePrivate(file(name));
            return stored.get();
        }
        byte[] bits = new byte[32];
        new SecureRandom().nextBytes(bits);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        write(name, (secret + "\n").getBytes(StandardCharsets.US_ASCII));
        return secret;
    }

    private static void requirePrivate(Path file) {
        try {
            Set<PosixFilePermission> permissions =
                    Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
            if (!OWNER_FILE.containsAll(permissions)) {
                throw ProblemException.of(
                        "server.secret-readable",
                        "others than its owner may use " + file,
                        "chmod 600 " + file + ", or delete it to have a new one made");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + file, e);
        }
    }
}
