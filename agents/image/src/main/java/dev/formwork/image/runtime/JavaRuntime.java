package dev.formwork.image.runtime;

import dev.formwork.image.command.Command;
import dev.formwork.image.disk.Folders;
import dev.formwork.image.tree.ImageTree;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// The agent with the Java that it runs on: linked out of this program's own JDK, with an archive
/// of the agent's classes, parsed and laid out for memory.
///
/// The archive is of the kind that any CPU can use. An AOT cache would start faster, and crashes on
/// another model of CPU than it was made on.
public final class JavaRuntime {
    /// Where it is in the image.
    public static final String PLACE = "usr/lib/formwork/agent";

    // That of XML is there for the names of some types that the agent's JSON library looks at.
    private static final List<String> MODULES =
            List.of("java.base", "java.logging", "java.net.http", "java.xml");

    /// How the agent is run. The collector decides how objects are laid out, so the archive is made
    /// with the same. Little is compiled: most code of an agent runs once. The archive is mapped
    /// where it was made for, as moving it would mean to read and to change all of it.
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:CompileThresholdScaling=10",
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:ArchiveRelocationMode=0",
                    "-XX:-UsePerfData",
                    "-Dsun.jnu.encoding=UTF-8",
                    "-Xmx64m",
                    "-Xss512k");

    private final Path jdk;
    private final long time;

    /// @param jdk the home of a JDK
    /// @param time of every file, in seconds since 1970: the archive of classes holds it
    public JavaRuntime(Path jdk, long time) {
        this.jdk = jdk;
        this.time = time;
    }

    /// Makes it in a folder, which is emptied, and puts it into an image.
    ///
    /// @param jars the agent's class path
    /// @param classes the names of the classes for the archive, as `-XX:DumpLoadedClassList` has
    ///   them
    /// @throws ProblemException `image.tool-missing`, `image.runtime`
    public void addTo(ImageTree tree, List<Path> jars, String classes, Path folder)
            throws IOException {
        Folders.delete(folder);
        Files.createDirectories(folder);
        Path java = folder.resolve("java");
        link(java);
        List<Path> plain = new ArrayList<>();
        for (Path jar : jars.stream().sorted().toList()) {
            Path target = folder.resolve(jar.getFileName().toString());
            store(jar, target);
            plain.add(target);
        }
        Path list = folder.resolve("classes");
        Files.writeString(list, classes);
        Path archive = folder.resolve("agent.jsa");
        archive(folder, java, plain, list, archive);

        tree.file(PLACE + "/agent.jsa", 0644, archive);
        for (Path jar : plain) {
            tree.file(PLACE + "/" + jar.getFileName(), 0644, jar);
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(java)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            tree.file(
                    PLACE + "/java/" + java.relativize(file),
                    Files.isExecutable(file) ? 0755 : 0644,
                    file);
        }
        // The archive is for a class path of just these words: so the agent starts in this folder.
        tree.file(
                PLACE + "/options",
                0644,
                String.join("\n", OPTIONS)
                        + "\n-XX:SharedArchiveFile=agent.jsa\n-Xshare:auto\n-cp\n"
                        + names(plain)
                        + "\n");
    }

    private static String names(List<Path> jars) {
        return jars.stream()
                .map(jar -> jar.getFileName().toString())
                .collect(Collectors.joining(":"));
    }

    private void link(Path java) throws IOException {
        must(
                Command.run(
                        Path.of("/"),
                        List.of(
                                jdk.resolve("bin/jlink").toString(),
                                "--add-modules",
                                String.join(",", MODULES),
                                "--strip-java-debug-attributes",
                                "--no-header-files",
                                "--no-man-pages",
                                "--compress",
                                "zip-0",
                                "--vm",
                                "server",
                                "--output",
                                java.toString())),
                "the runtime could not be linked");
        Folders.delete(java.resolve("legal"));
        for (String unused :
                List.of(
                        "bin/keytool",
                        "lib/server/classes.jsa",
                        "lib/server/classes_nocoops.jsa",
                        "lib/server/classes_coh.jsa",
                        "lib/server/classes_nocoops_coh.jsa",
                        "lib/server/libjsig.so",
                        "lib/libjsig.so",
                        "lib/jrt-fs.jar",
                        "lib/classlist")) {
            Files.deleteIfExists(java.resolve(unused));
        }
        setTime(java.resolve("lib/modules"));
    }

    private static void archive(Path folder, Path java, List<Path> jars, Path classes, Path archive)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.resolve("bin/java").toString());
        command.addAll(OPTIONS);
        command.add("-Xshare:dump");
        command.add("-Xlog:disable");
        command.add("-Xlog:all=error:stderr");
        command.add("-XX:SharedClassListFile=" + classes);
        command.add("-XX:SharedArchiveFile=" + archive);
        command.add("-cp");
        // By their names alone: the archive holds them, and must not tell where it was made.
        command.add(names(jars));
        must(Command.run(folder, command), "the archive of the agent's classes could not be made");
        if (!Files.exists(archive)) {
            throw ProblemException.of(
                    "image.runtime", "the JVM made no archive of the agent's classes", null);
        }
    }

    private static void must(Command.Result result, String otherwise) {
        if (result.status() != 0) {
            throw ProblemException.of(
                    "image.runtime",
                    otherwise + ": " + result.lastLine(),
                    "it takes a whole JDK of the release that Formwork runs on");
        }
    }

    /// Copies a jar without compression, so that the image's own does better, and in a fixed order.
    private void store(Path jar, Path target) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry each : zip.stream().<ZipEntry>map(entry -> entry).toList()) {
                if (!each.isDirectory()) {
                    try (InputStream in = zip.getInputStream(each)) {
                        content.put(each.getName(), in.readAllBytes());
                    }
                }
            }
        }
        try (OutputStream file = Files.newOutputStream(target);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> each : content.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                CRC32 crc = new CRC32();
                crc.update(each.getValue());
                entry.setSize(each.getValue().length);
                entry.setCrc(crc.getValue());
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                out.putNextEntry(entry);
                out.write(each.getValue());
                out.closeEntry();
            }
        }
        setTime(target);
    }

    private void setTime(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(time)));
    }
}
