package dev.formwork.cli.demo;

import dev.formwork.cli.client.EngineLocation;
import dev.formwork.cli.files.Trees;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the demo has on disk: a data directory of its own below the usual one.
///
/// @param home the usual one
/// @param name of the demo: that of its directory
record DemoHome(Path home, String name) {
    Path directory() {
        return home.resolve(name);
    }

    Path engineLog() {
        return directory().resolve("serve.log");
    }

    /// The engine had been up: there is something to destroy in order.
    boolean hasStore() {
        return Files.isDirectory(directory().resolve("store"));
    }

    /// An engine that says it runs; it may have been killed.
    Optional<EngineLocation> engine() {
        try {
            return EngineLocation.in(directory(), Optional.empty());
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    /// Of the local provider; each has a folder under its id.
    SortedSet<String> machineIds() {
        SortedSet<String> ids = new TreeSet<>();
        Path machines = directory().resolve("providers/local/machines");
        if (Files.isDirectory(machines)) {
            try (Stream<Path> folders = Files.list(machines)) {
                folders.forEach(folder -> ids.add(String.valueOf(folder.getFileName())));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list " + machines, e);
            }
        }
        return ids;
    }

    /// What `etcd/member` leaves on a machine: etcd's own program, told how to reach this member.
    Optional<Path> etcdctl(String machine) {
        Path state =
                directory()
                        .resolve("providers/local/machines")
                        .resolve(machine)
                        .resolve("agent/state/etcd");
        if (!Files.isDirectory(state)) {
            return Optional.empty();
        }
        try (Stream<Path> members = Files.list(state)) {
            return members.map(member -> member.resolve("etcdctl"))
                    .filter(Files::isExecutable)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + state, e);
        }
    }

    /// What a build of the container OS has left that was killed: hundreds of megabytes each time.
    /// Under the demo's lock nobody else builds here; where a directory is a link, it is somebody
    /// else's.
    void removeUnfinished() {
        removeUnfinished(directory().resolve("image"), ".build-");
        removeUnfinished(directory().resolve("packages"), ".new-");
    }

    private static void removeUnfinished(Path folder, String prefix) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                if (String.valueOf(each.getFileName()).startsWith(prefix)) {
                    Trees.delete(each);
                }
            }
        } catch (IOException e) {
            throw ProblemException.of(
                    "demo.directory", "cannot clean up " + folder + ": " + e, null);
        }
    }

    void create() {
        try {
            Files.createDirectories(home);
            if (!Files.isDirectory(directory())) {
                Files.createDirectory(
                        directory(),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw ProblemException.of(
                    "demo.directory",
                    "cannot make " + directory() + ": " + e,
                    "name another place with --data-dir, or FORMWORK_HOME");
        }
    }

    /// Keeps a second demo away until it is closed.
    ///
    /// @throws ProblemException `demo.busy`
    Lock lock() {
        try {
            Files.createDirectories(home);
            FileChannel channel =
                    FileChannel.open(
                            home.resolve(name + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw ProblemException.of(
                        "demo.busy",
                        "another `formwork demo` is at work in " + home,
                        "wait for it, or end it");
            }
            return new Lock(channel);
        } catch (IOException e) {
            throw ProblemException.of(
                    "demo.directory",
                    "cannot use " + home + ": " + e,
                    "name another place with --data-dir, or FORMWORK_HOME");
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException _) {
            return false; // This very process has it.
        }
    }

    /// The lock's file, and the usual data directory where nothing else is in it.
    void removeTraces() {
        try {
            Files.deleteIfExists(home.resolve(name + ".lock"));
            try (Stream<Path> left = Files.list(home)) {
                if (left.findAny().isPresent()) {
                    return;
                }
            }
            Files.deleteIfExists(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clean up " + home, e);
        }
    }

    record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot let go of the lock", e);
            }
        }
    }
}
