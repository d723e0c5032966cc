package dev.formwork.provider.ssh;

import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.connection.Upload;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// A Java runtime for hosts without one: what an agent needs of the engine's own, linked once and
/// kept in a directory; where the engine's has no `jlink`, or that fails, all of it. Thread-safe.
final class JavaParcel {
    private static final System.Logger LOG = System.getLogger(JavaParcel.class.getName());
    private static final String MODULES = "java.base,java.logging,java.xml";

    /// Nothing that runs needs these.
    private static final Set<String> LEFT_OUT =
            Set.of("legal", "jmods", "include", "man", "demo", "lib/src.zip", "lib/ct.sym");

    private final Path home;
    private final Path directory;
    private final String version;
    private final ReentrantLock making = new ReentrantLock();
    private @Nullable Parcel made;

    /// @param home of a Java
    /// @param directory that it may be kept in
    /// @param version of that Java: another one is linked anew
    JavaParcel(Path home, Path directory, String version) {
        this.home = home;
        this.directory = directory;
        this.version = version;
    }

    /// The files: `bin/java` and what goes with it.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.unavailable` where it cannot be made,
    ///   `provider.interrupted`
    Parcel files() {
        try {
            making.lockInterruptibly();
            try {
                Parcel parcel = made;
                if (parcel == null) {
                    parcel = parcel(linked());
                    made = parcel;
                }
                return parcel;
            } finally {
                making.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted while a Java runtime was linked", "ask again", interrupted);
        } catch (IOException failed) {
            throw ProviderCode.UNAVAILABLE.problem(
                    "no Java runtime can be made for hosts: " + failed.getMessage(),
                    "install Java 25 on the hosts and name it with the setting java",
                    failed);
        }
    }

    private Path linked() throws IOException, InterruptedException {
        Path jlink = home.resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            return home;
        }
        String made = HostRef.digest(version + " " + MODULES).substring(0, 16);
        Path there = directory.resolve("java-" + made);
        if (Files.isDirectory(there)) {
            return there;
        }
        Files.createDirectories(directory);
        Path folder = Files.createTempDirectory(directory, ".java-");
        try {
            Path fresh = folder.resolve("java");
            Optional<String> failure = link(jlink, fresh, folder.resolve("log"));
            if (failure.isPresent()) {
                // It refuses a Java of which a file was changed, and the certificates often are.
                LOG.log(
                        Level.WARNING,
                        "jlink failed, hosts without Java get all of {0}: {1}",
                        home,
                        failure.get());
                return home;
            }
            if (Files.notExists(there)) {
                Files.move(fresh, there);
            }
            return there;
        } finally {
            remove(folder);
        }
    }

    /// Why it failed, if it did.
    private static Optional<String> link(Path jlink, Path fresh, Path log)
            throws IOException, InterruptedException {
        Process link =
                new ProcessBuilder(
                                jlink.toString(),
                                "--add-modules",
                                MODULES,
                                "--strip-java-debug-attributes",
                                "--no-header-files",
                                "--no-man-pages",
                                "--compress",
                                "zip-6",
                                "--output",
                                fresh.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .redirectInput(new File("/dev/null"))
                        .start();
        try {
            if (!link.waitFor(5, TimeUnit.MINUTES)) {
                return Optional.of("it takes too long");
            }
            return link.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(Files.readString(log).strip());
        } finally {
            link.destroyForcibly();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Parcel parcel(Path root) throws IOException {
        List<Upload> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(root.toRealPath(), FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = root.toRealPath().relativize(file).toString();
                if (LEFT_OUT.stream()
                        .noneMatch(out -> name.equals(out) || name.startsWith(out + "/"))) {
                    files.add(new Upload(name, file, Files.isExecutable(file)));
                }
            }
        }
        return Parcel.of(files);
    }
}
