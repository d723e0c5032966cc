package dev.formwork.provider.tck;

import dev.formwork.provider.ConsoleText;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The last of what a machine printed. Guarded by its cloud.
final class InMemoryConsole {
    private static final int KEPT = 512 * 1024;

    private byte[] kept = new byte[0];
    private long start;

    void print(byte[] text) {
        byte[] all = Arrays.copyOf(kept, kept.length + text.length);
        System.arraycopy(text, 0, all, kept.length, text.length);
        int dropped = Math.max(0, all.length - KEPT);
        kept = Arrays.copyOfRange(all, dropped, all.length);
        start += dropped;
    }

    ConsoleText read(long offset, int most) {
        int from = (int) (Math.clamp(offset, start, start + kept.length) - start);
        int to = (int) Math.min(kept.length, (long) from + most);
        return new ConsoleText(start + from, ByteBuffer.wrap(Arrays.copyOfRange(kept, from, to)));
    }
}
