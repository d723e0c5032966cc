package dev.formwork.agent.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Writes a tar archive, with the extension of GNU for long names. Everything belongs to root and
/// has one time. For one thread. Source: tar(5).
public final class TarWriter {
    private static final int BLOCK = 512;
    private static final int NAME = 100;

    private final OutputStream out;
    private final long time;

    /// @param time of every entry, in seconds since 1970
    /// @param out stays open
    public TarWriter(OutputStream out, long time) {
        this.out = out;
        this.time = time;
    }

    public void directory(String path, int mode) throws IOException {
        header(path + "/", '5', mode, 0, "");
    }

    /// A symbolic link.
    public void link(String path, String target) throws IOException {
        header(path, '2', 0777, 0, target);
    }

    /// A second name of a file that the archive has already.
    public void secondName(String path, String of) throws IOException {
        header(path, '1', 0644, 0, of);
    }

    /// @param content is read to its end, which comes after `size` bytes
    public void file(String path, int mode, long size, InputStream content) throws IOException {
        header(path, '0', mode, size, "");
        if (content.transferTo(out) != size) {
            throw new IOException(path + " changed while it was written");
        }
        pad(size);
    }

    /// Ends the archive.
    public void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
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
        Arrays.fill(block, 148, 156, (byte) ' ');
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
