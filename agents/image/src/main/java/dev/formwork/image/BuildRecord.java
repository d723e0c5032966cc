package dev.formwork.image;

import dev.formwork.image.disk.Digests;
import dev.formwork.image.lock.Manifest;
import dev.formwork.model.ProblemException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What an image was built of, in a file beside it: where nothing of that has changed, nor the
/// image, there is nothing to build.
final class BuildRecord {
    private static final String FILE = "built";

    private final Path folder;
    private final String ingredients;

    private BuildRecord(Path folder, String ingredients) {
        this.folder = folder;
        this.ingredients = ingredients;
    }

    static BuildRecord of(ImageRequest request, Manifest manifest) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(manifest.text());
        parts.add("drivers " + request.drivers());
        parts.add("options " + request.options());
        for (Path jar : request.agentJars().stream().sorted().toList()) {
            parts.add(jar.getFileName() + " " + Digests.sha256(jar));
        }
        parts.add(Files.readString(request.jdk().resolve("release")));
        parts.add(program());
        return new BuildRecord(request.out(), digest(String.join("\n", parts)));
    }

    /// The image that is there, if it is what would be built.
    Optional<Image> upToDate() throws IOException {
        Path file = folder.resolve(FILE);
        Image image = new Image(folder.resolve("kernel"), folder.resolve("initrd"), "");
        if (!Files.exists(file) || !Files.exists(image.kernel()) || !Files.exists(image.initrd())) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return lines.size() == 4
                        && lines.get(0).equals(ingredients)
                        && lines.get(1).equals(image.kernelDigest())
                        && lines.get(2).equals(image.initrdDigest())
                ? Optional.of(new Image(image.kernel(), image.initrd(), lines.get(3)))
                : Optional.empty();
    }

    void forget() throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
    }

    void write(Image image) throws IOException {
        Files.write(
                folder.resolve(FILE),
                List.of(
                        ingredients,
                        image.kernelDigest(),
                        image.initrdDigest(),
                        image.kernelVersion()));
    }

    /// This program itself: how it builds, and the files that it puts in.
    private static String program() throws IOException {
        Path code;
        try {
            code =
                    Path.of(
                            BuildRecord.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
        } catch (URISyntaxException e) {
            throw ProblemException.of("image.io", "the program can't find itself: " + e, null);
        }
        if (Files.isRegularFile(code)) {
            return Digests.sha256(code);
        }
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(code)) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(code.relativize(each)).append(' ').append(Digests.sha256(each));
            }
        }
        return digest(all.toString());
    }

    private static String digest(String text) throws IOException {
        return Digests.sha256(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
