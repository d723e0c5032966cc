package dev.formwork.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.formwork.testkit.Needs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/// A small disk that a test can fill up: memory, mounted where only its own processes see it, and
/// gone with the last of them.
final class FullDisk implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process holder;
    private final Path mountPoint;

    private FullDisk(Process holder, Path mountPoint) {
        this.holder = holder;
        this.mountPoint = mountPoint;
    }

    static FullDisk mount(Path mountPoint, String size) {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "skipped: only root may mount a file system");
        Needs.programs("unshare", "nsenter", "mount");
        try {
            Files.createDirectories(mountPoint);
            Path ready = mountPoint.resolveSibling("mounted");
            Process holder =
                    new ProcessBuilder(
                                    "unshare",
                                    "-m",
                                    "sh",
                                    "-c",
                                    "mount -t tmpfs -o mode=700,size=\"$2\" none \"$0\""
                                            + " && : >\"$1\" && exec tail -f /dev/null",
                                    mountPoint.toString(),
                                    ready.toString(),
                                    size)
                            .inheritIO()
                            .start();
            Await.until(
                    "the disk is mounted",
                    PATIENCE,
                    () -> Files.exists(ready) || !holder.isAlive());
            Needs.that(holder.isAlive(), "this host lets nobody mount a file system");
            return new FullDisk(holder, mountPoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What runs a command where the disk can be seen.
    List<String> prefix() {
        return List.of(
                "nsenter",
                "-t",
                Long.toString(holder.pid()),
                "-m",
                "--",
                "sh",
                "-c",
                "cd \"$0\" && exec \"$@\"",
                Path.of("").toAbsolutePath().toString());
    }

    /// A directory of the disk, seen from here.
    Path view(Path there) {
        return Path.of("/proc", Long.toString(holder.pid()), "root")
                .resolve(there.toString().substring(1));
    }

    /// Takes all the space that is left.
    void fill() {
        byte[] block = new byte[1 << 16];
        for (int size = block.length; size > 0; size /= 16) {
            try (OutputStream out =
                    Files.newOutputStream(
                            ballast(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(block, 0, size);
                }
            } catch (IOException _) {
                // No block of this size has room any more.
            }
        }
    }

    void free() {
        try {
            Files.delete(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }

    private Path ballast() {
        return view(mountPoint).resolve("ballast");
    }
}
