package dev.formwork.image.deb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.image.tree.ImageTree;
import dev.formwork.image.tree.TarWriter;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class TarReaderTest {
    private static final String LONG = "a-long-name/".repeat(20);

    @Test
    void readsWhatTheWriterWrites() throws IOException {
        ImageTree tree =
                ImageTree.bare()
                        .file("a", 0755, "x".repeat(512))
                        .file(LONG + "b", 0644, "yz")
                        .link("c", LONG + "b");

        assertThat(read(bytes(tree)))
                .contains("a 0 755 " + "x".repeat(512), LONG + "b 0 644 yz")
                .contains("c 2 777 -> " + LONG + "b");
    }

    @Test
    void saysWhereAHeaderIsDamaged() throws IOException {
        byte[] bytes = bytes(ImageTree.bare().file("a", 0644, "x"));
        bytes[3] ^= 1;

        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }

    @Property(tries = 200)
    void endsOnAnyBytes(@ForAll byte[] noise) {
        byte[] bytes = new byte[1024];
        System.arraycopy(noise, 0, bytes, 0, Math.min(noise.length, bytes.length));
        try {
            assertThat(read(bytes)).hasSizeLessThan(3);
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
    }

    private static byte[] bytes(ImageTree tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter.write(tree, 0, out);
        return out.toByteArray();
    }

    private static List<String> read(byte[] bytes) throws IOException {
        TarReader tar = new TarReader(new ByteArrayInputStream(bytes));
        List<String> entries = new ArrayList<>();
        for (TarReader.Header each = tar.next(); each != null; each = tar.next()) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            tar.copyTo(content);
            entries.add(
                    each.path()
                            + " "
                            + each.type()
                            + " "
                            + Integer.toOctalString(each.mode())
                            + " "
                            + (each.target().isEmpty() ? "" : "-> " + each.target())
                            + content.toString(StandardCharsets.UTF_8));
        }
        return entries;
    }
}
