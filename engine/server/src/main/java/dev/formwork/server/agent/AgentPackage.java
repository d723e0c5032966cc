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
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// The agent as machines elsewhere fetch it: a tar archive (gzip) with its jars in `lib/`, and for
/// machines of the engine's own kind with a Java in `java/`. Made when it is first asked for, and
/// known by its SHA-256: a machine is told which one it is to take. That of the engine's version
/// before is kept, for machines that were told of it. Thread-safe.
public final class AgentPackage {
    /// The one without a Java.
    static final String JARS = "jars";

    private static final int KEPT = 2;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final AgentLaunch launch;
    private final Path directory;
    private final LinkedJava java;
    private final ReentrantLock making = new ReentrantLock();
    private final Map<String, String> made = new HashMap<>();

    /// @param launch of agents on this host
    /// @param directory that it may be kept in
    public AgentPackage(AgentLaunch launch, Path directory) {
        this(launch, directory, LinkedJava.own(directory));
    }

    AgentPackage(AgentLaunch launch, Path directory, LinkedJava java) {
        this.launch = launch;
        this.directory = directory;
        this.java = java;
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

    /// The file of an archive.
    ///
    /// @param sha256 that it has to have; empty for the one of today
    /// @throws ProblemException as [#sha256], and `agent.package-digest`
    Path file(String name, Optional<String> sha256) {
        String today = sha256(name);
        String wanted = sha256.orElse(today);
        Path file = file(name, wanted);
        if (!wanted.equals(today)
                && !(DIGEST.matcher(wanted).matches() && Files.isRegularFile(file))) {
            throw ProblemException.of(
                    "agent.package-digest",
                    "this engine's agent is not the one that the machine was told of",
                    "another engine may have it; if none has, since they are of another version"
                            + " by now, make the machine anew");
        }
        return file;
    }

    private Path file(String name, String sha256) {
        return directory.resolve(prefix(name) + sha256 + ".tar.gz");
    }

    private static String prefix(String name) {
        return "agent-" + name.toLowerCase(Locale.ROOT) + "-";
    }

    /// The SHA-256 of an archive, in hex.
    ///
    /// @throws ProblemException `agent.no-package` for another kind of machine
    String sha256(String name) {
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
        making.lock();
        try {
            // Anew by each engine: it may be of another version.
            String known = made.get(name);
            if (known == null) {
                known = make(name);
                made.put(name, known);
                dropOld(name);
            }
            return known;
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

    private String make(String name) throws IOException, InterruptedException {
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
            String sha256 = digest(beside);
            Files.move(beside, file(name, sha256), StandardCopyOption.ATOMIC_MOVE);
            return sha256;
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest =
                        new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /// The newest stay.
    private void dropOld(String name) throws IOException {
        List<Path> archives;
        try (Stream<Path> all = Files.list(directory)) {
            archives =
                    all.filter(each -> each.getFileName().toString().startsWith(prefix(name)))
                            .sorted(Comparator.comparing(AgentPackage::modified).reversed())
                            .toList();
        }
        for (Path old : archives.stream().skip(KEPT).toList()) {
            Files.deleteIfExists(old);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private static void add(TarWriter archive, String name, Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            archive.file(name, Files.isExecutable(file) ? 0755 : 0644, Files.size(file), content);
        }
    }
}
