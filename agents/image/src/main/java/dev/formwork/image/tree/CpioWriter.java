package dev.formwork.image.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// Writes an archive of the format "newc", which the kernel unpacks as its first root. Source:
/// cpio(5); the kernel's `Documentation/driver-api/early-userspace/buffer-format.rst`.
public final class CpioWriter {
    private static final int DIRECTORY = 0040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final long LARGEST = 0xffff_ffffL;

    private final OutputStream out;
    private final long time;
    private long written;
    private int inode;

    private CpioWriter(OutputStream out, long time) {
        this.out = out;
        this.time = time;
    }

    /// Writes the tree, and leaves the stream open.
    ///
    /// @param time of every entry, in seconds since 1970
    public static void write(ImageTree tree, long time, OutputStream out) throws IOException {
        CpioWriter writer = new CpioWriter(out, time);
        for (Map.Entry<String, Entry> each : tree.entries().entrySet()) {
            writer.entry(each.getKey(), each.getValue());
        }
        writer.inode = -1;
        writer.header("TRAILER!!!", 0, 1, 0);
        writer.pad();
    }

    private void entry(String path, Entry entry) throws IOException {
        switch (entry) {
            case Entry.Directory directory -> {
                header(path, DIRECTORY | directory.mode(), 2, 0);
            }
            case Entry.Link link -> {
                byte[] target = link.target().getBytes(StandardCharsets.UTF_8);
                header(path, LINK | link.mode(), 1, target.length);
                bytes(target);
                pad();
            }
            case Entry.Content content -> {
                long size = content.source().size();
                header(path, FILE | content.mode(), 1, size);
                try (InputStream in = content.source().open()) {
                    long copied = in.transferTo(out);
                    if (copied != size) {
                        throw new IOException(path + " changed while it was written");
                    }
                    written += copied;
                }
                pad();
            }
        }
    }

    private void header(String path, int mode, int links, long size) throws IOException {
        if (size > LARGEST) {
            throw new IOException(path + " is too large for this archive");
        }
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        inode++;
        String header =
                "070701"
                        + hex(inode)
                        + hex(mode)
                        + hex(0)
                        + hex(0)
                        + hex(links)
                        + hex(mode == 0 ? 0 : time)
                        + hex(size)
                        + hex(0)
                        + hex(0)
                        + hex(0)
                        + hex(0)
                        + hex(name.length + 1L)
                        + hex(0);
        bytes(header.getBytes(StandardCharsets.US_ASCII));
        bytes(name);
        bytes(new byte[1]);
        pad();
    }

    private void bytes(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void pad() throws IOException {
        bytes(new byte[(int) (-written & 3)]);
    }

    private static String hex(long value) {
        return String.format(Locale.ROOT, "%08x", value);
    }
}
