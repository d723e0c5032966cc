package dev.formwork.image.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class CpioWriterTest {
    @Test
    void writesWhatTheKernelReads() throws IOException {
        ImageTree tree =
                ImageTree.bare()
                        .file("etc/a", 0600, "abcde")
                        .link("b", "etc/a")
                        .directory("etc/c", 01777);

        assertThat(entries(tree))
                .containsExactly(
                        "b 0120777 @255 etc/a",
                        "etc 040755 @255 ",
                        "etc/a 0100600 @255 abcde",
                        "etc/c 041777 @255 ",
                        "TRAILER!!! 00 @0 ");
    }

    /// As the kernel's `init/initramfs.c` does it.
    private static List<String> entries(ImageTree tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CpioWriter.write(tree, 255, out);
        String text = out.toString(StandardCharsets.ISO_8859_1);
        List<String> entries = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            assertThat(text.substring(at, at + 6)).isEqualTo("070701");
            int size = field(text, at, 6);
            int name = field(text, at, 11);
            int data = at + 110 + name + 3 & ~3;
            entries.add(
                    text.substring(at + 110, at + 110 + name - 1)
                            + " 0"
                            + Integer.toOctalString(field(text, at, 1))
                            + " @"
                            + field(text, at, 5)
                            + " "
                            + text.substring(data, data + size));
            at = data + size + 3 & ~3;
        }
        return entries;
    }

    private static int field(String text, int at, int number) {
        int from = at + 6 + 8 * number;
        return Integer.parseInt(text.substring(from, from + 8), 16);
    }
}
