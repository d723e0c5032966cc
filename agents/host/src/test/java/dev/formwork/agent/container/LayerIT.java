package dev.formwork.agent.container;

import static dev.formwork.agent.container.TestImage.bytes;
import static dev.formwork.agent.container.TestImage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.formwork.agent.archive.TarWriter;
import dev.formwork.agent.container.TestImage.Entries;
import dev.formwork.agent.runner.RunnerException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Layers over layers, hostile ones too.
class LayerIT {
    @TempDir Path folder;
    private Path root = Path.of("");

    @BeforeEach
    void makeRoot() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only root can give files away")
                .isEqualTo(0);
        root = Files.createDirectory(folder.resolve("root"));
    }

    @Test
    void keepsModesOwnersAndTimes() throws Exception {
        unpack(tar -> {
            tar.directory("tmp", 01777);
            tar.file("bin/su", 04755, 2, bytes("su"));
            tar.secondName("bin/other", "bin/su");
            tar.link("sh", "/bin/su");
        });

        assertThat((Integer) Files.getAttribute(root.resolve("tmp"), "unix:mode") & 07777)
                .isEqualTo(01777);
        assertThat((Integer) Files.getAttribute(root.resolve("bin/other"), "unix:mode") & 07777)
                .isEqualTo(04755);
        assertThat(Files.getLastModifiedTime(root.resolve("bin/su")).toMillis()).isEqualTo(7000);
        assertThat(Files.readSymbolicLink(root.resolve("sh"))).isEqualTo(Path.of("/bin/su"));
    }

    @Test
    void takesAwayWhatALayerSaysIsGone() throws Exception {
        unpack(tar -> {
            file(tar, "a/one", "1");
            file(tar, "a/two", "2");
            file(tar, "b/old", "1");
            file(tar, "b/c/old", "1");
            file(tar, "d/e", "1");
        });
        unpack(tar -> {
            file(tar, "a/.wh.one", "");
            file(tar, "b/new", "2");
            file(tar, "b/.wh..wh..opq", "");
            file(tar, "b/c/new", "2");
            file(tar, "d", "a file now");
        });

        assertThat(root.resolve("a")).isDirectoryNotContaining("glob:**/one");
        assertThat(root.resolve("a/two")).exists();
        assertThat(root.resolve("b/new")).exists();
        assertThat(root.resolve("b/old")).doesNotExist();
        assertThat(root.resolve("b/c/new")).exists();
        assertThat(root.resolve("b/c/old")).doesNotExist();
        assertThat(root.resolve("d")).isRegularFile();
    }

    @Test
    void writesThroughALinkToWhereItLeadsInTheImage() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        unpack(tar -> {
            tar.directory("usr/lib", 0755);
            tar.link("lib", "usr/lib");
            tar.link("absolute", outside.toString());
            tar.link("up", "../../../../.." + outside);
        });
        unpack(tar -> {
            file(tar, "lib/x.so", "x");
            file(tar, "absolute/x", "x");
            file(tar, "up/y", "y");
        });

        assertThat(root.resolve("usr/lib/x.so")).exists();
        assertThat(root.resolve("lib")).isSymbolicLink();
        assertThat(outside).isEmptyDirectory();
        assertThat(Files.readString(root.resolve(outside.toString().substring(1) + "/x")))
                .isEqualTo("x");
        assertThat(root.resolve(outside.toString().substring(1) + "/y")).exists();
    }

    @Test
    void replacesALinkAndNotWhatItLeadsTo() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "mine");
        unpack(tar -> tar.link("a", outside.toString()));
        unpack(tar -> file(tar, "a", "theirs"));
        assertThat(outside).hasContent("mine");
        assertThat(root.resolve("a")).isRegularFile();

        unpack(tar -> tar.link("b", outside.toString()));
        unpack(tar -> tar.secondName("c", "b"));
        assertThat(root.resolve("c")).isSymbolicLink();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/../x", "a/.wh...", "a/.wh.", "loop/x", "file/x"})
    void refusesWhatLeadsNowhere(String name) {
        assertThatThrownBy(() ->
                        unpack(tar -> {
                            tar.link("loop", "loop");
                            file(tar, "file", "");
                            file(tar, name, "");
                        }))
                .isInstanceOfSatisfying(
                        RunnerException.class,
                        e -> assertThat(e.code()).isEqualTo("agent.image-invalid"));
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "/outside-of-it", "d", "none"})
    void makesNoSecondNameOfWhatIsNoFileOfTheImage(String target) throws Exception {
        Files.writeString(folder.resolve("outside"), "mine");
        assertThatThrownBy(() ->
                        unpack(tar -> {
                            tar.directory("d", 0755);
                            tar.secondName("x", target);
                        }))
                .isInstanceOf(RunnerException.class);
        assertThat(root.resolve("x")).doesNotExist();
    }

    @Test
    void saysThatALayerIsDamaged() {
        assertThatThrownBy(() -> layer(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 7}))
                .isInstanceOf(RunnerException.class);
        assertThatThrownBy(() -> layer(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0}))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("zstd");
        assertThatThrownBy(() -> layer("x".repeat(600).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(RunnerException.class);
    }

    private void unpack(Entries entries) throws Exception {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(plain, 7);
        entries.writeTo(tar);
        tar.end();
        layer(plain.toByteArray());
    }

    private void layer(byte[] bytes) throws Exception {
        new Layer(root, new Web(() -> false), 0).unpack(new ByteArrayInputStream(bytes));
    }
}
