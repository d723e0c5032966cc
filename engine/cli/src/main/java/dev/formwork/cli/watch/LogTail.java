package dev.formwork.cli.watch;

import dev.formwork.cli.client.LogPart;
import dev.formwork.cli.terminal.Printable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;

/// The last lines of a log, however long it is.
final class LogTail {
    private static final int KEPT = 64 * 1024;

    private LogTail() {}

    /// @param read answers the bytes from an offset
    static List<String> read(LongFunction<LogPart> read, int most) {
        byte[] kept = new byte[0];
        long offset = 0;
        while (true) {
            LogPart part = read.apply(offset);
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            joined.writeBytes(kept);
            joined.writeBytes(part.bytes());
            byte[] all = joined.toByteArray();
            kept = Arrays.copyOfRange(all, Math.max(0, all.length - KEPT), all.length);
            boolean stands = part.next() <= offset;
            offset = part.next();
            if (part.complete() || stands) {
                break;
            }
        }
        List<String> lines =
                new String(kept, StandardCharsets.UTF_8).lines().map(Printable::line).toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
