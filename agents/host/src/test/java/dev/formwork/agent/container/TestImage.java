package dev.formwork.agent.container;

import dev.formwork.agent.archive.TarWriter;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/// An OCI image that a test puts together: its parts by their digest.
public final class TestImage {
    static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    private final Map<String, byte[]> blobs = new LinkedHashMap<>();
    private final List<String> layers = new ArrayList<>();
    private String environment = "";

    /// Writes the entries of a layer.
    public interface Entries {
        void writeTo(TarWriter tar) throws IOException;
    }

    /// With the shell of this host and a few programs, and what they are linked to.
    public static TestImage withShell() throws IOException, InterruptedException {
        TestImage image = new TestImage();
        List<Path> files = new ArrayList<>();
        for (String program : List.of("sh", "cat", "id", "ls", "sleep", "mount")) {
            Path file = Path.of("/bin", program).toRealPath();
            files.add(file);
            Process ldd = new ProcessBuilder("ldd", file.toString()).start();
            String libraries =
                    new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            ldd.waitFor();
            Matcher library = LIBRARY.matcher(libraries);
            while (library.find()) {
                files.add(Path.of(library.group(1)));
            }
        }
        image.layer(tar -> {
            tar.directory("bin", 0755);
            tar.directory("tmp", 01777);
            tar.file("etc/name", 0644, 4, bytes("base"));
            for (Path file : files.stream().distinct().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    tar.file(file.toString().substring(1), 0755, Files.size(file), in);
                }
            }
            tar.link("bin/sh", files.getFirst().toString());
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!file.toString().contains(".so") && !file.startsWith("/bin")) {
                    tar.link("bin/" + name, file.toString());
                }
            }
        });
        return image;
    }

    static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A file of a layer.
    static void file(TarWriter tar, String path, String content) throws IOException {
        tar.file(path, 0644, content.getBytes(StandardCharsets.UTF_8).length, bytes(content));
    }

    /// Puts a layer above the others.
    public TestImage layer(Entries entries) {
        ByteArrayOutputStream layer = new ByteArrayOutputStream();
        try (GZIPOutputStream compressed = new GZIPOutputStream(layer)) {
            TarWriter tar = new TarWriter(compressed, 0);
            entries.writeTo(tar);
            tar.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        layers.add(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer.toByteArray()));
        return this;
    }

    /// @param variable `NAME=value`
    public TestImage environment(String variable) {
        environment = "\"" + variable + "\"";
        return this;
    }

    /// @return the digest of the image for this platform
    public String manifest() {
        String config =
                descriptor(
                        "application/vnd.oci.image.config.v1+json",
                        text("{\"config\": {\"Env\": [" + environment + "]}}"));
        return add(
                text(
                        "{\"schemaVersion\": 2, \"mediaType\": \"%s\", \"config\": %s, \"layers\": [%s]}"
                                .formatted(MANIFEST, config, String.join(",", layers))));
    }

    /// @return the digest of an index with an image for this platform, and one for another
    public String index() {
        String form =
                "{\"digest\": \"%s\", \"size\": 1, \"platform\": {\"os\": \"linux\", \"architecture\": \"%s\"}}";
        String other = form.formatted("sha256:" + "0".repeat(64), "s390x");
        String manifest = form.formatted(manifest(), Target.here().architecture());
        return add(text("{\"manifests\": [" + other + ", " + manifest + "]}"));
    }

    /// As `docker save` or `skopeo copy` make it.
    public byte[] archive() {
        String index = index();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try {
            TarWriter tar = new TarWriter(archive, 0);
            for (Map.Entry<String, byte[]> each : blobs.entrySet()) {
                tar.file(
                        "blobs/" + each.getKey().replace(':', '/'),
                        0644,
                        each.getValue().length,
                        new ByteArrayInputStream(each.getValue()));
            }
            file(tar, "oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}");
            String of = "{\"manifests\": [{\"digest\": \"%s\", \"size\": 1}]}".formatted(index);
            file(tar, "index.json", of);
            tar.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return archive.toByteArray();
    }

    /// All its parts.
    public Map<String, byte[]> blobs() {
        return Map.copyOf(blobs);
    }

    private String descriptor(String type, byte[] content) {
        return "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d}"
                .formatted(type, add(content), content.length);
    }

    private String add(byte[] content) {
        String digest = Blobs.digestOf(content);
        blobs.put(digest, content);
        return digest;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
