package dev.formwork.image.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Makes the smallest file that looks like a kernel module.
public final class TestElf {
    private static final int HEADER = 64;

    private TestElf() {}

    /// @param info lines such as `depends=a,b`
    public static byte[] module(String... info) {
        byte[] modinfo = (String.join("\0", info) + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] names = "\0.modinfo\0.shstrtab\0".getBytes(StandardCharsets.US_ASCII);
        int table = HEADER + modinfo.length + names.length;
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x464c457f).put((byte) 2).put((byte) 1);
        header.putLong(40, table).putShort(58, (short) 64);
        header.putShort(60, (short) 3).putShort(62, (short) 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header.array());
        out.writeBytes(modinfo);
        out.writeBytes(names);
        out.writeBytes(section(0, 0, 0, 0));
        out.writeBytes(section(1, 1, HEADER, modinfo.length));
        out.writeBytes(section(10, 3, HEADER + modinfo.length, names.length));
        return out.toByteArray();
    }

    private static byte[] section(int name, int type, long offset, long size) {
        ByteBuffer section = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        return section.putInt(0, name)
                .putInt(4, type)
                .putLong(24, offset)
                .putLong(32, size)
                .array();
    }
}
