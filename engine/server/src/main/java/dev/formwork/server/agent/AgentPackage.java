package dev.formwork.server.agent;

import dev.formwork.agent.archive.TarWriter;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.LinkedJava;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// The agent as machines elsewhere fetch it: a tar archive (gzip) with its jars in `lib/`, and for
/// machines of the engine's own kind with a Java in `java/`. Made when it is first asked for.
/// Thread-safe.
public final class AgentPackage {
    /// The one without a Java.
    static final String JARS = "jars";

    private final AgentLaunch launch;
    private final Path directory;
    private final LinkedJava java;
    private final ReentrantLock making = new ReentrantLock();
    private final List<String> made = new ArrayList<>();

    /// @param launch of agents on this host
    /// @param directory that it may be kept in
    public AgentPackage(AgentLaunch launch, Path directory) {
        this.launch = launch;
        this.directory = directory;
        this.java = LinkedJava.own(directory);
    }

    /// The one with a Java: `linux-x86_64`, in the words of uname(1).
    static String ownKind() {
        String processor = System.getProperty("os.arch", "unknown");
        return "linux-" + (processor.equals("amd64") ? "x86_64" : processor);
    }

    /// The program and its arguments, once it is unpacked.
    ///
    /// @param home where it is unpacked
    /// @param program that is Java
    List<String> command(String home, String program) {
        List<String> words = new ArrayList<>(List.of(program));
        String here = jars().orElseThrow() + "/*";
        launch.command().stream()
                .skip(1)
                .map(word -> word.equals(here) ? home + "/lib/*" : word)
                .forEach(words::add);
        return words;
    }

    /// The archive's file.
    ///
    /// @throws ProblemException `agent.no-package` for another kind of machine
    Path file(String name) {
        if (!name.equals(JARS) && !name.equals(ownKind())) {
            throw ProblemException.of(
                    "agent.no-package",
                    "this engine has no agent for %s, only for %s"
                            .formatted(Names.abbreviate(name), ownKind()),
                    "take an image that has Java 25, and say where with the setting java");
        }
        if (jars().isEmpty()) {
            throw ProblemException.of("agent.no-package", "this engine's agent is no Java", null);
        }
        Path file = directory.resolve("agent-%s.tar.gz".formatted(name.toLowerCase(Locale.ROOT)));
        making.lock();
        try {
            // What an engine of another version has left is made anew.
            if (!made.contains(name)) {
                make(name, file);
                made.add(name);
            }
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw ProblemException.of("server.stopping", "the engine is stopping", "ask again");
        } finally {
            making.unlock();
        }
    }

    /// The directory of the agent's jars, where it is a Java program ([AgentLaunch#java]).
    private Optional<Path> jars() {
        int at = launch.command().indexOf("-cp") + 1;
        return Optional.of(at)
                .filter(it -> it > 0 && it < launch.command().size())
                .map(launch.command()::get)
                .filter(path -> path.endsWith("/*"))
                .map(path -> Path.of(path.substring(0, path.length() - 2)));
    }

    private void make(String name, Path file) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path beside = Files.createTempFile(directory, ".agent-", ".tar.gz");
        try {
            try (OutputStream out =
                    new BufferedOutputStream(
                            new GZIPOutputStream(Files.newOutputStream(beside)), 1 << 16)) {
                TarWriter archive = new TarWriter(out, 0);
                archive.directory("lib", 0755);
                try (Stream<Path> jars = Files.list(jars().orElseThrow())) {
                    for (Path jar : jars.filter(Files::isRegularFile).sorted().toList()) {
                        add(archive, "lib/" + jar.getFileName(), jar);
                    }
                }
                if (!name.equals(JARS)) {
                    Path root = java.root().toRealPath();
                    for (Path each : LinkedJava.files(root)) {
                        add(archive, "java/" + root.relativize(each), each);
                    }
                }
                archive.end();
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static void add(TarWriter archive, String name, Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            archive.file(name, Files.isExecutable(file) ? 0755 : 0644, Files.size(file), content);
        }
    }
}
