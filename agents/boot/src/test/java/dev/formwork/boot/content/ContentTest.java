package dev.formwork.boot.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.Ipv4;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

final class ContentTest {
    @TempDir private Path folder;

    @Test
    void takesPathsAsFirmwareSendsThem() {
        assertThat(ContentPath.of("/ipxe.efi")).contains("ipxe.efi");
        assertThat(ContentPath.of("//a/b")).contains("a/b");
        assertThat(ContentPath.of("\\boot\\x64\\ipxe.efi")).contains("boot/x64/ipxe.efi");
    }

    @Test
    void refusesPathsThatLeaveTheRoot() {
        for (String path :
                List.of(
                        "..",
                        "../x",
                        "a/../../x",
                        "a/..",
                        "./a",
                        "a//b",
                        "a/",
                        "",
                        "/",
                        "a\0b",
                        "a\nb",
                        "..\\..\\etc\\passwd",
                        "%2e%2e/x",
                        "a b",
                        "\u00e4",
                        "x".repeat(513))) {
            assertThat(ContentPath.of(path)).as(path).isEmpty();
        }
    }

    @Property
    void whatItTakesStaysBelow(@ForAll String path) {
        ContentPath.of(path)
                .ifPresent(taken ->
                        assertThat(Path.of("/root").resolve(taken).normalize())
                                .hasToString("/root/" + taken));
    }

    @Test
    void findsFilesAndNothingElse() throws IOException {
        Path root = Files.createDirectories(folder.resolve("root/sub"));
        Files.writeString(root.resolve("file"), "x");
        Files.writeString(folder.resolve("secret"), "s");
        Files.createSymbolicLink(root.resolve("out"), folder.resolve("secret"));
        Files.createSymbolicLink(root.resolve("in"), Path.of("file"));
        DirectorySource source = new DirectorySource(folder.resolve("root"));

        assertThat(find(source, "sub/file")).isPresent();
        assertThat(find(source, "sub/in")).isPresent();
        assertThat(find(source, "sub/out")).isEmpty();
        assertThat(find(source, "sub")).isEmpty();
        assertThat(find(source, "../secret")).isEmpty();
        assertThat(find(source, "none")).isEmpty();
    }

    private static Optional<Content> find(ContentSource source, String path) {
        return source.find(new ContentSource.Asked(path, "", Ipv4.ANY, "10.0.0.1"));
    }
}
