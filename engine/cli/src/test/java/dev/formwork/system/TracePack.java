package dev.formwork.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The pack of steps that leave a line in a file each time they run, and a log whose every line is
/// known.
final class TracePack {
    private static final int LINES = 40;

    private TracePack() {}

    /// Its folder.
    static Path root() {
        return Checkout.root().resolve("engine/cli/src/test/resources/dev/formwork/system/pack");
    }

    static String upload(ApiClient api) {
        Path root = root();
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return api.upload(files);
    }

    /// A cluster of `count` machines.
    static String cluster(String name, String workflow, int count, Map<String, Path> inputs) {
        String with =
                inputs.entrySet().stream()
                        .map(input -> "%s: \"%s\"".formatted(input.getKey(), input.getValue()))
                        .collect(Collectors.joining(", "));
        return """
        kind: Cluster
        name: %s
        workflow: %s
        groups:
          nodes: {count: %d, provider: local}
        with: {%s}
        """
                .formatted(name, workflow, count, with);
    }

    /// What ran, in the order in which it began.
    static List<String> journal(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file, StandardCharsets.UTF_8)
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a step of this pack logs, up to the digests.
    static List<String> numberedLines() {
        return IntStream.rangeClosed(1, LINES).mapToObj(line -> "line " + line).toList();
    }

    /// A log's lines without the digests.
    static List<String> numbered(String log) {
        return log.lines().map(line -> line.replaceFirst(" [0-9a-f]{16}$", "")).toList();
    }
}
