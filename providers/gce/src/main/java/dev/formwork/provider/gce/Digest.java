package dev.formwork.provider.gce;

import dev.formwork.provider.Digests;

import java.util.HexFormat;
import java.util.UUID;

/// Names that are made of others, for places that are too narrow for those themselves: SHA-256.
final class Digest {
    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /// @param parts none of which has a line break
    static Digest of(String... parts) {
        return new Digest(Digests.bytes(String.join("\n", parts)));
    }

    /// The first digits, lower-case.
    String hex(int digits) {
        return HexFormat.of().formatHex(bytes).substring(0, digits);
    }

    /// A UUID of version 8: made of whatever one likes (RFC 9562, section 5.8).
    UUID uuid() {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = (high << 8) + (bytes[i] & 0xff);
            low = (low << 8) + (bytes[i + 8] & 0xff);
        }
        return new UUID((high & ~0xf000L) | 0x8000L, (low & ~(3L << 62)) | (1L << 63));
    }

    /// A number from 0 on, below this.
    int below(int most) {
        return Math.floorMod(((bytes[16] & 0xff) << 8) + (bytes[17] & 0xff), most);
    }
}
