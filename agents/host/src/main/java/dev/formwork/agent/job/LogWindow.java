package dev.formwork.agent.job;

import java.nio.charset.StandardCharsets;

/// How much of a log is kept: the first bytes up to a quota. Once one byte was dropped, all are.
/// For one thread.
final class LogWindow {
    private final long quota;
    private long passed;
    private long dropped;
    private boolean cut;
    private boolean endsWithNewline = true;

    LogWindow(long quota) {
        this.quota = Math.max(0, quota);
    }

    /// Goes on after a cut that was made before, perhaps by another process of the agent.
    static LogWindow cutBefore(long quota, long dropped) {
        LogWindow window = new LogWindow(quota);
        window.cut = true;
        window.dropped = dropped;
        window.endsWithNewline = false;
        return window;
    }

    /// How many of the bytes are kept; the others are counted as dropped. No character of UTF-8 is
    /// cut in two.
    int accept(byte[] bytes) {
        int kept = cut ? 0 : (int) Math.min(bytes.length, quota - passed);
        if (kept < bytes.length) {
            cut = true;
            while (kept > 0 && (bytes[kept] & 0xC0) == 0x80) {
                kept--;
            }
        }
        if (kept > 0) {
            endsWithNewline = bytes[kept - 1] == '\n';
        }
        passed += kept;
        dropped += bytes.length - kept;
        return kept;
    }

    /// Counts bytes that nobody has looked at.
    void drop(long bytes) {
        cut = true;
        dropped += Math.max(0, bytes);
    }

    boolean isCut() {
        return cut;
    }

    long dropped() {
        return dropped;
    }

    /// What the log ends with: nothing, or one line that says how much is missing.
    byte[] closing() {
        if (!cut) {
            return new byte[0];
        }
        String line =
                (endsWithNewline ? "" : "\n")
                        + "[formwork: the log is cut here; about "
                        + dropped
                        + " more bytes were dropped]\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }
}
