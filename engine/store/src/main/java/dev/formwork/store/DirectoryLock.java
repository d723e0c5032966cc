package dev.formwork.store;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.store.disk.Directories;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;

/// Sees to it that one process at a time has a directory. The operating system lets go of the lock
/// when the process ends, however it ends.
public final class DirectoryLock implements AutoCloseable {
    private static final String NAME = "lock";

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /// @throws ProblemException `store.locked`, `store.unreadable`
    public static DirectoryLock take(Path directory, Clock clock) {
        Path file = directory.resolve(NAME);
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw ProblemException.of(
                        "store.locked",
                        directory + " is in use by " + holder(file),
                        "stop that engine, or give this one another directory");
            }
            String us = "process " + ProcessHandle.current().pid() + " since " + clock.instant();
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(us.getBytes(StandardCharsets.UTF_8)));
            return new DirectoryLock(directory, channel);
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /// Sees to it that files made in the directory are found there after a power loss.
    void forceDirectory() throws IOException {
        Directories.force(directory);
    }

    static ProblemException unreadable(Path directory, IOException e) {
        return new ProblemException(
                List.of(
                        Problem.of(
                                "store.unreadable",
                                "the store's directory " + directory + " cannot be used: " + e,
                                "the engine's user must own the directory")),
                e);
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String holder(Path file) throws IOException {
        String words = Files.readString(file, StandardCharsets.ISO_8859_1);
        return words.isBlank() ? "another process" : Names.abbreviate(words);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
