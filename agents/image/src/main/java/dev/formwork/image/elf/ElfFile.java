package dev.formwork.image.elf;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program, library or kernel module of 64 bits, little-endian. Immutable. Source: elf(5).
public final class ElfFile {
    private static final int MAGIC = 0x464c457f;
    private static final int HEADER = 64;
    private static final int DYNAMIC = 6;
    private static final int NEEDED = 1;

    private final ByteBuffer bytes;
    private final List<Section> sections;

    private record Section(String name, int type, int offset, int size, int link) {}

    private ElfFile(ByteBuffer bytes, List<Section> sections) {
        this.bytes = bytes;
        this.sections = sections;
    }

    /// Null where the file is no such thing, or is damaged.
    public static @Nullable ElfFile read(Path file) throws IOException {
        return read(Files.readAllBytes(file));
    }

    /// Null where the bytes are no such thing, or are damaged.
    public static @Nullable ElfFile read(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (content.length < HEADER
                    || bytes.getInt(0) != MAGIC
                    || bytes.get(4) != 2
                    || bytes.get(5) != 1) {
                return null;
            }
            return new ElfFile(bytes, sections(bytes));
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            return null;
        }
    }

    /// The shared libraries that it asks for by name.
    public List<String> needed() {
        List<String> needed = new ArrayList<>();
        for (Section section : sections) {
            if (section.type == DYNAMIC) {
                Section names = sections.get(section.link);
                for (int at = section.offset; at < section.offset + section.size; at += 16) {
                    if (bytes.getLong(at) == NEEDED) {
                        needed.add(text(names.offset + Math.toIntExact(bytes.getLong(at + 8))));
                    }
                }
            }
        }
        return needed;
    }

    /// The program that starts it, such as `/lib64/ld-linux-x86-64.so.2`; null for libraries and
    /// static programs.
    public @Nullable String interpreter() {
        return sections.stream()
                .filter(section -> section.name.equals(".interp"))
                .findFirst()
                .map(section -> text(section.offset))
                .orElse(null);
    }

    /// What a kernel module says of itself under a key, such as `depends` or `alias`.
    public List<String> moduleInfo(String key) {
        List<String> values = new ArrayList<>();
        for (Section section : sections) {
            if (section.name.equals(".modinfo")) {
                String all = latin(bytes, section.offset, section.offset + section.size);
                for (String each : all.split("\0", -1)) {
                    if (each.startsWith(key + "=")) {
                        values.add(each.substring(key.length() + 1));
                    }
                }
            }
        }
        return values;
    }

    private static List<Section> sections(ByteBuffer bytes) {
        int table = Math.toIntExact(bytes.getLong(40));
        int each = bytes.getShort(58) & 0xffff;
        int count = bytes.getShort(60) & 0xffff;
        int names = bytes.getShort(62) & 0xffff;
        if (count == 0) {
            return List.of();
        }
        int strings = Math.toIntExact(bytes.getLong(table + names * each + 24));
        List<Section> sections = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = table + i * each;
            int type = bytes.getInt(at + 4);
            // A section of type 8 has a size, and no bytes.
            int size = type == 8 ? 0 : Math.toIntExact(bytes.getLong(at + 32));
            sections.add(
                    new Section(
                            text(bytes, strings + bytes.getInt(at)),
                            type,
                            Math.toIntExact(bytes.getLong(at + 24)),
                            size,
                            bytes.getInt(at + 40)));
        }
        return List.copyOf(sections);
    }

    private String text(int at) {
        return text(bytes, at);
    }

    private static String text(ByteBuffer bytes, int at) {
        int end = at;
        while (bytes.get(end) != 0) {
            end++;
        }
        return latin(bytes, at, end);
    }

    private static String latin(ByteBuffer bytes, int from, int to) {
        byte[] text = new byte[to - from];
        bytes.get(from, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
