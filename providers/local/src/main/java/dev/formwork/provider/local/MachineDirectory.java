package dev.formwork.provider.local;

import dev.formwork.model.MachineId;

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

/// The directory of one machine, by the names of what is in it:
///
/// | name | what |
/// |---|---|
/// | `machine.json` | the [MachineRecord] |
/// | `boot-token` | what the agent registers with |
/// | `agent/` | the agent's own, with `agent/state` for the jobs |
/// | `agent.pid` | process id, start time and boot id of the agent |
/// | `agent.log`, `power.log` | what the agent and the scripts print |
/// | `boot-id` | of this boot, and the host's |
/// | `powered-off` | there while the machine is off |
/// | `lock` | held by the scripts while they start and end processes |
/// | `bin/` | the scripts `launch`, `power`, `reboot`, `power-off` |
///
/// @param path absolute, without symbolic links
record MachineDirectory(MachineId machine, Path path) {
    static final String RECORD = "machine.json";

    Path record() {
        return path.resolve(RECORD);
    }

    Path bootToken() {
        return path.resolve("boot-token");
    }

    Path agent() {
        return path.resolve("agent");
    }

    Path agentPid() {
        return path.resolve("agent.pid");
    }

    Path agentLog() {
        return path.resolve("agent.log");
    }

    Path powerLog() {
        return path.resolve("power.log");
    }

    Path bootId() {
        return path.resolve("boot-id");
    }

    Path poweredOff() {
        return path.resolve("powered-off");
    }

    Path bin(String script) {
        return path.resolve("bin").resolve(script);
    }

    /// Removes all that is in a directory, but for `kept`, following no symbolic link.
    static void empty(Path directory, @Nullable Path kept) throws IOException {
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
