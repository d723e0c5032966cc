package dev.formwork.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts bytes to what one row holds well: H2 ends `bytea` at 1 MiB.
final class Parts {
    static final int SIZE = 256 * 1024;

    private Parts() {}

    /// At least one part, which is empty if there is nothing.
    static List<byte[]> of(byte[] whole) {
        List<byte[]> parts = new ArrayList<>();
        for (int at = 0; at == 0 || at < whole.length; at += SIZE) {
            parts.add(Arrays.copyOfRange(whole, at, Math.min(whole.length, at + SIZE)));
        }
        return parts;
    }
}
