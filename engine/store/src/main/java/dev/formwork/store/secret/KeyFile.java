package dev.formwork.store.secret;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The file that holds the engine's key. It is written whole or not at all, and on the disk before
/// anything is sealed with it.
final class KeyFile {
    private KeyFile() {}

    static byte[] readOrCreate(Path file, int length) {
        try {
            if (Files.notExists(file)) {
                create(file, length);
            }
            byte[] key = Files.readAllBytes(file);
            if (key.length != length) {
                throw ProblemException.of(
                        "store.bad-key",
                        file + " has " + key.length + " bytes, and a key has " + length,
                        "put back the secret.key that this store was made with");
            }
            return key;
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "store.unreadable",
                                    "the key " + file + " can be neither read nor made: " + e,
                                    "the engine's user must own the directory")),
                    e);
        }
    }

    private static void create(Path file, int length) throws IOException {
        byte[] key = new byte[length];
        new SecureRandom().nextBytes(key);
        Path written = Files.createTempFile(file.toAbsolutePath().getParent(), "secret", ".key");
        try {
            Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
            try (FileChannel channel =
                    FileChannel.open(written, Set.of(StandardOpenOption.WRITE))) {
                channel.write(ByteBuffer.wrap(key));
                channel.force(true);
            }
            // A link fails where a move would replace: of two first starts only one makes the key.
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            // The other one's key is as good.
        } finally {
            Files.deleteIfExists(written);
        }
        try (FileChannel directory =
                FileChannel.open(
                        file.toAbsolutePath().getParent(), EnumSet.of(StandardOpenOption.READ))) {
            directory.force(true);
        }
    }
}
