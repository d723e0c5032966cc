package dev.formwork.boot.address;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// Octets that do not change and compare by content. Prints as hexadecimal digits, so hostile
/// content is harmless in a log.
public final class Octets {
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Octets of(byte... bytes) {
        return new Octets(bytes.clone());
    }

    /// Octets by value, 0 to 255 each.
    public static Octets of(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return new Octets(bytes);
    }

    public static Octets copyOf(byte[] source, int from, int to) {
        return new Octets(Arrays.copyOfRange(source, from, to));
    }

    /// One octet per character, which has to be below 256: what DHCP calls a string.
    public static Octets ofText(String text) {
        return new Octets(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static Octets ofHex(String digits) {
        return new Octets(HexFormat.of().parseHex(digits));
    }

    public static Octets ofInt(int value) {
        return of(value >>> 24, value >>> 16, value >>> 8, value);
    }

    public static Octets ofShort(int value) {
        return of(value >>> 8, value);
    }

    public int size() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /// The octet at an index, 0 to 255.
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    /// Two octets from an index on, the most significant first.
    public int shortAt(int index) {
        return at(index) << 8 | at(index + 1);
    }

    /// Four octets from an index on, the most significant first.
    public int intAt(int index) {
        return shortAt(index) << 16 | shortAt(index + 2);
    }

    public Octets slice(int from, int to) {
        return copyOf(bytes, from, to);
    }

    public Octets plus(Octets other) {
        byte[] both = Arrays.copyOf(bytes, bytes.length + other.bytes.length);
        System.arraycopy(other.bytes, 0, both, bytes.length, other.bytes.length);
        return new Octets(both);
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    public void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, bytes.length);
    }

    /// One character per octet, up to the first NUL.
    public String text() {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
