package dev.formwork.provider;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A Java runtime for machines without one: what an agent needs of the engine's own, linked once
/// and kept in a directory; where the engine's has no `jlink`, or that fails, all of it.
///
/// Two that link at once into one directory do the work twice and end with the same.
public final class LinkedJava {
    private static final System.Logger LOG = System.getLogger(LinkedJava.class.getName());
    private static final String MODULES = "java.base,java.logging,java.xml";

    /// Nothing that runs needs these.
    private static final Set<String> LEFT_OUT =
            Set.of("legal", "jmods", "include", "man", "demo", "lib/src.zip", "lib/ct.sym");

    private final Path home;
    private final Path directory;
    private final String version;

    /// @param home of a Java
    /// @param directory that it may be kept in
    /// @param version of that Java: another one is linked anew
    public LinkedJava(Path home, Path directory, String version) {
        this.home = home;
        this.directory = directory;
        this.version = version;
    }

    /// The engine's own.
    public static LinkedJava own(Path directory) {
        return new LinkedJava(
                Path.of(System.getProperty("java.home")),
                directory,
                System.getProperty("java.runtime.version", "unknown"));
    }

    /// The directory with `bin/java`.
    public Path root() throws IOException, InterruptedException {
        Path jlink = home.resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            return home;
        }
        String made = Digests.hex(version + " " + MODULES).substring(0, 16);
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
                        "jlink failed, machines without Java get all of {0}: {1}",
                        home,
                        failure.get());
                return home;
            }
            // It is taken for whole wherever its directory is there, after a power loss too.
            for (Path file : files(fresh)) {
                try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
            }
            try {
                Files.move(fresh, there);
            } catch (FileSystemException failed) {
                if (!Files.isDirectory(there)) {
                    throw failed;
                }
                // Somebody else was quicker.
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

    /// The files of a runtime that machines are given: all but what nothing that runs needs.
    ///
    /// @param root as [#root]
    public static List<Path> files(Path root) throws IOException {
        Path real = root.toRealPath();
        try (Stream<Path> walk = Files.walk(real, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> isNeeded(real.relativize(file).toString()))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isNeeded(String name) {
        return LEFT_OUT.stream().noneMatch(out -> name.equals(out) || name.startsWith(out + "/"));
    }
}
