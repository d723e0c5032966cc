package dev.formwork.agent.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;

class TarReaderTest {
    private static final String LONG = "a-long-name/".repeat(20);

    @Test
    void readsWhatTheWriterWrites() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(bytes, 12);
        tar.directory("d", 01777);
        file(tar, "a", "x".repeat(512));
        file(tar, LONG + "b", "yz");
        tar.link("c", LONG + "b");
        tar.secondName("e", "a");
        tar.end();

        assertThat(read(bytes.toByteArray()))
                .containsExactly(
                        "d/ 5 1777 0:0 12 ",
                        "a 0 755 0:0 12 " + "x".repeat(512),
                        LONG + "b 0 755 0:0 12 yz",
                        "c 2 777 0:0 12 -> " + LONG + "b",
                        "e 1 644 0:0 12 -> a");
    }

    @Test
    void readsTheRecordsOfPosix() throws IOException {
        assertThat(read(posix()))
                .containsExactly("\u00fc".repeat(60) + "/b 0 644 123456789:987654321 12 hi");
    }

    @Test
    void saysWhereAHeaderIsDamaged() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file(new TarWriter(out, 0), "a", "x");
        byte[] bytes = out.toByteArray();
        bytes[3] ^= 1;

        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void saysThatTheEndIsMissing() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file(new TarWriter(out, 0), "a", "x".repeat(1000));
        byte[] half = new byte[700];
        System.arraycopy(out.toByteArray(), 0, half, 0, half.length);

        assertThatThrownBy(() -> read(half)).isInstanceOf(IOException.class);
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

    private static void file(TarWriter tar, String path, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        tar.file(path, 0755, bytes.length, new ByteArrayInputStream(bytes));
    }

    /// Made by Python's `tarfile`, in its format of POSIX.
    private static byte[] posix() throws IOException {
        byte[] compressed =
                Base64.getDecoder()
                        .decode(
                                "H4sIAAAAAAACA+3UMQ6CMBTG8c6cghMArxQKA9HR0SuUQITNoCQczs2LWTXRicTEoDH+fx36"
                                        + "8qVJp+9FcRSvt27atK5pB7WI5G7uTrTJH/Mtl0SLVeGkPmA8HN3gv1f/SVId7t2xq86n75y4"
                                        + "DsSGY99UolOT5bYor8HOB2Vh88ykWgKFhazeENev9z83Zrb/fgM8Z/HvJDNWVJjQ/8V1PR0A"
                                        + "AAAAAAAAAAAAAAD4ZRcjldrfACgAAA==");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }

    private static List<String> read(byte[] bytes) throws IOException {
        TarReader tar = new TarReader(new ByteArrayInputStream(bytes));
        List<String> entries = new ArrayList<>();
        for (TarReader.Header each = tar.next(); each != null; each = tar.next()) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            tar.copyTo(content);
            entries.add(
                    "%s %s %o %d:%d %d %s%s"
                            .formatted(
                                    each.path(),
                                    each.type(),
                                    each.mode(),
                                    each.user(),
                                    each.group(),
                                    each.time(),
                                    each.target().isEmpty() ? "" : "-> " + each.target(),
                                    content.toString(StandardCharsets.UTF_8)));
        }
        return entries;
    }
}
