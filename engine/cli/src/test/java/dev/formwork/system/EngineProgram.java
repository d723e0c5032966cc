package dev.formwork.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// How the engine is started: from the jars as they are packaged, and one with [EngineMain]. The
/// tests start dozens, so the classes come parsed from an archive, which halves the start.
final class EngineProgram {
    private static final List<Class<?>> OWN =
            List.of(EngineMain.class, EngineOptions.class, Checkout.class);
    private static final List<String> FLAGS =
            List.of(
                    "-Xmx512m",
                    "-Xlog:cds=off",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED");

    private static volatile List<String> prepared = List.of();

    private EngineProgram() {}

    static List<String> command(List<String> arguments) {
        if (prepared.isEmpty()) {
            prepare();
        }
        List<String> command = new ArrayList<>(prepared);
        command.addAll(arguments);
        return command;
    }

    private static synchronized void prepare() {
        if (!prepared.isEmpty()) {
            return;
        }
        try {
            Path cache = Files.createDirectories(Checkout.cache());
            List<Path> jars = new ArrayList<>(packaged());
            jars.add(writeOwn(cache.resolve("engine-main.jar")));
            Path archive = cache.resolve("engine.jsa");
            if (!Files.exists(archive) || isOlder(archive, jars)) {
                Files.deleteIfExists(archive);
                prepared = command("-XX:ArchiveClassesAtExit=" + archive, jars);
                warmUp();
            }
            prepared = command("-XX:SharedArchiveFile=" + archive, jars);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(String archive, List<Path> jars) {
        List<String> command = new ArrayList<>(List.of(Checkout.java().toString(), archive));
        command.addAll(FLAGS);
        command.add("-cp");
        command.add(String.join(":", jars.stream().map(Path::toString).toList()));
        command.add(EngineMain.class.getName());
        return command;
    }

    private static List<Path> packaged() throws IOException {
        try (Stream<Path> jars = Files.list(Checkout.engineJars())) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static boolean isOlder(Path archive, List<Path> jars) throws IOException {
        FileTime made = Files.getLastModifiedTime(archive);
        for (Path jar : jars) {
            if (Files.getLastModifiedTime(jar).compareTo(made) >= 0) {
                return true;
            }
        }
        return false;
    }

    /// One engine that does a little of everything, so that its classes are in the archive.
    private static void warmUp() throws IOException {
        Path folder = Files.createTempDirectory("formwork-warm-up");
        try (EngineProcess engine = new EngineProcess(folder.resolve("data"))) {
            engine.start(EngineOptions.USUAL.withAgent("exec tail -f /dev/null"));
            engine.api().machines();
            engine.stopWithin(Duration.ofMinutes(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            try (Stream<Path> tree = Files.walk(folder)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /// The jar is left alone where it is as it would be written, so that the archive stays good.
    private static Path writeOwn(Path jar) throws IOException {
        Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
        try (OutputStream out = Files.newOutputStream(fresh);
                JarOutputStream zip = new JarOutputStream(out)) {
            for (Class<?> type : OWN) {
                String name = type.getName().replace('.', '/') + ".class";
                JarEntry entry = new JarEntry(name);
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
                    if (bytes == null) {
                        throw new IllegalStateException("no class file: " + name);
                    }
                    bytes.transferTo(zip);
                }
                zip.closeEntry();
            }
        }
        if (!Files.exists(jar) || Files.mismatch(fresh, jar) != -1) {
            Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(fresh);
        }
        return jar;
    }
}
