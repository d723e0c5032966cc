package dev.formwork.boot.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// The least that firmware boots from a disk: it says a line and stops.
final class BootDisks {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int SECTOR = 512;

    private BootDisks() {}

    /// A disk for a BIOS, of one sector that is loaded to 0x7C00 and writes to the first serial
    /// port.
    static Path bios(Path file, String line) throws IOException {
        // cli; xor ax, ax; mov ds, ax; mov si, text;
        // next: lodsb; test al, al; jz end; mov dx, 0x3f8; out dx, al; jmp next; end: hlt; jmp end
        byte[] code =
                HEX.parseHex("fa 31 c0 8e d8 be 16 7c ac 84 c0 74 06 ba f8 03 ee eb f5 f4 eb fd");
        ByteBuffer disk = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        disk.put(code).put((line + "\r\n\0").getBytes(StandardCharsets.US_ASCII));
        disk.putShort(SECTOR - 2, (short) 0xAA55);
        return Files.write(file, disk.array());
    }

    /// What a disk for UEFI holds: a program at the path that firmware looks at (UEFI 2.10, section
    /// 3.5.1.1), as small as a PE32+ file can be.
    static Path uefi(Path folder, String line) throws IOException {
        // sub rsp, 40; mov rcx, [rdx + 64] (ConOut); lea rdx, [rip + 5] (text);
        // call [rcx + 8] (OutputString); jmp $
        byte[] code = HEX.parseHex("48 83 ec 28 48 8b 4a 40 48 8d 15 05 00 00 00 ff 51 08 eb fe");
        ByteBuffer program = ByteBuffer.allocate(2 * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        program.putShort((short) 0x5A4D).putInt(0x3C, 0x40).position(0x40);
        program.putInt(0x4550); // PE
        // x86-64, one section, no symbols, 240 bytes of optional header; an image with large
        // addresses
        program.putShort((short) 0x8664).putShort((short) 1).putInt(0).putInt(0).putInt(0);
        program.putShort((short) 0xF0).putShort((short) 0x22);
        program.putShort((short) 0x20B).putShort((short) 0); // PE32+
        program.putInt(SECTOR).putInt(0).putInt(0); // sizes of code and data
        program.putInt(SECTOR).putInt(SECTOR); // where it is entered, where code begins
        program.putLong(0).putInt(SECTOR).putInt(SECTOR); // base, alignment in memory and file
        program.putInt(0).putInt(0).putInt(0).putInt(0); // versions
        program.putInt(2 * SECTOR).putInt(SECTOR).putInt(0); // of image and headers, checksum
        program.putShort((short) 10).putShort((short) 0); // an EFI application
        program.putLong(0).putLong(0).putLong(0).putLong(0).putInt(0); // stack and heap
        program.putInt(16).position(program.position() + 16 * 8); // no directories
        program.put(".text\0\0\0".getBytes(StandardCharsets.US_ASCII));
        program.putInt(SECTOR).putInt(SECTOR).putInt(SECTOR).putInt(SECTOR);
        program.putInt(0).putInt(0).putInt(0).putInt(0x6000_0020); // code, to be read and run
        program.position(SECTOR).put(code);
        program.put((line + "\r\n\0").getBytes(StandardCharsets.UTF_16LE));
        Path boot = Files.createDirectories(folder.resolve("EFI/BOOT"));
        Files.write(boot.resolve("BOOTX64.EFI"), program.array());
        return folder;
    }
}
