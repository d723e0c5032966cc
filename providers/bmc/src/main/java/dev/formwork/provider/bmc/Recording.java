package dev.formwork.provider.bmc;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ConsoleFiles;
import dev.formwork.provider.ProviderCode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// What one machine prints, kept in a folder: session after session, with a line of our own where
/// something of it may be missing. For one thread.
final class Recording {
    private final Path folder;
    private final ManagedNode node;

    /// It was said that nothing is heard, and why.
    private boolean isSilent;

    Recording(Path folder, ManagedNode node) {
        this.folder = folder;
        this.node = node;
    }

    /// One session, from its beginning to its end. Says whether there was one.
    boolean listen(SerialPort port) {
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            try (FileChannel channel =
                            FileChannel.open(
                                    folder.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                return lock != null && write(port);
            }
        } catch (OverlappingFileLockException | IOException another) {
            // Somebody else of this host listens, or the disk is full: tried again.
            return false;
        }
    }

    private boolean write(SerialPort port) throws IOException {
        try (ConsoleFiles.Writer writer = new ConsoleFiles(folder).writer()) {
            try {
                port.listen(new Listener(writer));
                say(
                        writer,
                        "the controller of node %s ended the session; what is printed before the"
                                        .formatted(node.name())
                                + " next one is missing");
                isSilent = true;
                return true;
            } catch (ProblemException failed) {
                boolean isEnd = failed.code().equals(ProviderCode.INTERRUPTED.code());
                if (!isEnd && !isSilent) {
                    say(writer, "nothing is heard: " + failed.problems().getFirst().detail());
                    isSilent = true;
                }
                return false;
            }
        }
    }

    private final class Listener implements SerialPort.Listener {
        private final ConsoleFiles.Writer writer;

        private Listener(ConsoleFiles.Writer writer) {
            this.writer = writer;
        }

        @Override
        public void begins() throws IOException {
            if (isSilent) {
                say(writer, "node %s is heard again".formatted(node.name()));
                isSilent = false;
            }
        }

        @Override
        public void heard(byte[] bytes) throws IOException {
            writer.append(bytes);
        }
    }

    private static void say(ConsoleFiles.Writer writer, String text) throws IOException {
        writer.append("\r\n[formwork: %s]\r\n".formatted(text).getBytes(StandardCharsets.UTF_8));
    }
}
