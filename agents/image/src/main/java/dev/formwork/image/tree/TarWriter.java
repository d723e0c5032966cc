package dev.formwork.image.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// Writes a tar archive, with the extension of GNU for long names. Source: tar(5).
public final class TarWriter {
    private static final int BLOCK = 512;
    private static final int NAME = 100;

    private final OutputStream out;
    private final long time;

    private TarWriter(OutputStream out, long time) {
        this.out = out;
        this.time = time;
    }

    /// Writes the tree, and leaves the stream open.
    ///
    /// @param time of every entry, in seconds since 1970
    public static void write(ImageTree tree, long time, OutputStream out) throws IOException {
        TarWriter writer = new TarWriter(out, time);
        for (Map.Entry<String, Entry> each : tree.entries().entrySet()) {
            writer.entry(each.getKey(), each.getValue());
        }
        out.write(new byte[2 * BLOCK]);
    }

    private void entry(String path, Entry entry) throws IOException {
        switch (entry) {
            case Entry.Directory directory -> header(path + "/", '5', directory.mode(), 0, "");
            case Entry.Link link -> header(path, '2', link.mode(), 0, link.target());
            case Entry.Content content -> {
                long size = content.source().size();
                header(path, '0', content.mode(), size, "");
                try (InputStream in = content.source().open()) {
                    if (in.transferTo(out) != size) {
                        throw new IOException(path + " changed while it was written");
                    }
                }
                pad(size);
            }
        }
    }

    private void header(String path, char type, int mode, long size, String target)
            throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] link = target.getBytes(StandardCharsets.UTF_8);
        longText(name, 'L');
        longText(link, 'K');
        block(name, type, mode, size, link);
    }

    private void longText(byte[] text, char type) throws IOException {
        if (text.length > NAME) {
            block(
                    "././@LongLink".getBytes(StandardCharsets.US_ASCII),
                    type,
                    0,
                    text.length + 1L,
                    new byte[0]);
            out.write(text);
            out.write(0);
            pad(text.length + 1L);
        }
    }

    private void block(byte[] name, char type, int mode, long size, byte[] link)
            throws IOException {
        byte[] block = new byte[BLOCK];
        System.arraycopy(name, 0, block, 0, Math.min(NAME, name.length));
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size);
        octal(block, 136, 12, time);
        block[156] = (byte) type;
        System.arraycopy(link, 0, block, 157, Math.min(NAME, link.length));
        byte[] magic = "ustar  \0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(magic, 0, block, 257, magic.length);
        java.util.Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        octal(block, 148, 7, sum);
        out.write(block);
    }

    private static void octal(byte[] block, int offset, int length, long value) {
        String digits = String.format(Locale.ROOT, "%0" + (length - 1) + "o", value);
        System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, block, offset, length - 1);
        block[offset + length - 1] = 0;
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) (-size & (BLOCK - 1))]);
    }
}
