package dev.formwork.agent.archive;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads a tar archive from its start to its end: the formats of POSIX and of GNU. What it says is
/// not judged: a path can be any. For one thread. Source: tar(5).
public final class TarReader {
    private static final int BLOCK = 512;
    private static final int LONGEST_TEXT = 1 << 20;

    private final InputStream in;
    private long left;
    private long padding;

    /// @param type `0` file, `1` second name of a file, `2` link, `5` directory, others as tar(5)
    ///   says
    /// @param time in seconds since 1970
    /// @param target of a link or a second name; empty for all else
    public record Header(
            String path,
            char type,
            int mode,
            int user,
            int group,
            long size,
            long time,
            String target) {}

    /// The bytes are no archive, or none that can be read.
    public static final class DamagedException extends IOException {
        @Serial private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }

    /// @param in is not closed
    public TarReader(InputStream in) {
        this.in = in;
    }

    /// The next entry, whose bytes then come from [#copyTo]; null at the end.
    ///
    /// @throws DamagedException where the archive is damaged
    public @Nullable Header next() throws IOException {
        String path = null;
        String target = null;
        String user = null;
        String group = null;
        while (true) {
            in.skipNBytes(left + padding);
            left = 0;
            padding = 0;
            byte[] block = in.readNBytes(BLOCK);
            if (block.length < BLOCK || isZero(block)) {
                return null;
            }
            check(block);
            long size = number(block, 124, 12);
            left = size;
            padding = -size & (BLOCK - 1);
            char type = block[156] == 0 ? '0' : (char) block[156];
            switch (type) {
                case 'L' -> path = longText();
                case 'K' -> target = longText();
                case 'x' -> {
                    String records = longText();
                    path = record(records, "path", path);
                    target = record(records, "linkpath", target);
                    user = record(records, "uid", user);
                    group = record(records, "gid", group);
                    if (record(records, "size", null) != null) {
                        throw new DamagedException("an entry of 8 GiB or more");
                    }
                }
                case 'g' -> {}
                default -> {
                    return new Header(
                            path == null ? name(block) : path,
                            type,
                            (int) number(block, 100, 8) & 07777,
                            owner(user, number(block, 108, 8)),
                            owner(group, number(block, 116, 8)),
                            size,
                            number(block, 136, 12),
                            target == null ? text(block, 157, 100) : target);
                }
            }
        }
    }

    /// Copies the bytes of the entry that [#next] gave.
    public void copyTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[64 << 10];
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new DamagedException("the archive ends within a file");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private String longText() throws IOException {
        if (left > LONGEST_TEXT) {
            throw new DamagedException("a name of " + left + " bytes");
        }
        byte[] bytes = in.readNBytes((int) left);
        if (bytes.length < left) {
            throw new DamagedException("the archive ends within a name");
        }
        left = 0;
        int end =
                bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /// Of lines such as "21 path=usr/bin/crun\n", where the number counts the line's bytes.
    private static @Nullable String record(String records, String key, @Nullable String otherwise) {
        for (String line : records.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0 && line.startsWith(key + "=", space + 1)) {
                return line.substring(space + key.length() + 2);
            }
        }
        return otherwise;
    }

    private static int owner(@Nullable String record, long number) throws IOException {
        try {
            long owner = record == null ? number : Long.parseLong(record);
            if (owner >= 0 && owner < Integer.MAX_VALUE) {
                return (int) owner;
            }
        } catch (NumberFormatException _) {
            throw new DamagedException("a header of the archive is damaged");
        }
        throw new DamagedException("an entry's owner can't be");
    }

    private static String name(byte[] block) {
        String name = text(block, 0, 100);
        boolean posix = text(block, 257, 6).equals("ustar");
        String prefix = posix ? text(block, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static void check(byte[] block) throws IOException {
        long sum = 8 * ' ';
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? 0 : block[i] & 0xff;
        }
        if (sum != number(block, 148, 8)) {
            throw new DamagedException("a header of the archive is damaged");
        }
    }

    private static long number(byte[] block, int offset, int length) throws IOException {
        if ((block[offset] & 0x80) != 0) {
            throw new DamagedException("an entry of 8 GiB or more");
        }
        String digits = text(block, offset, length).strip();
        try {
            long number = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
            if (number >= 0) {
                return number;
            }
            throw new DamagedException("a header of the archive is damaged");
        } catch (NumberFormatException _) {
            throw new DamagedException("a header of the archive is damaged");
        }
    }

    private static String text(byte[] block, int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static boolean isZero(byte[] block) {
        return Arrays.equals(block, new byte[BLOCK]);
    }
}
