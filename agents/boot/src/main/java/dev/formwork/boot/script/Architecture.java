package dev.formwork.boot.script;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/// What a processor runs, as far as it matters to who boots: an iPXE for BIOS says `i386` on every
/// PC, and a kernel of 32 bits runs on all of them.
public enum Architecture {
    AMD64,
    ARM32,
    ARM64,
    RISCV64,
    LOONG64;

    /// Where the header of the kernel's EFI program begins, and where others of it have their mark.
    private static final int PE_OFFSET = 0x3c;

    private static final int X86_MARK = 0x202;
    private static final int ARM64_MARK = 0x38;
    private static final int LARGEST_HEADER = 4096;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As iPXE says it.
    ///
    /// @return empty where it says none, or one that we don't know
    public static Optional<Architecture> ofMachine(String buildarch) {
        return switch (buildarch) {
            case "i386", "x86_64" -> Optional.of(AMD64);
            case "arm32" -> Optional.of(ARM32);
            case "arm64" -> Optional.of(ARM64);
            case "riscv64" -> Optional.of(RISCV64);
            case "loong64" -> Optional.of(LOONG64);
            default -> Optional.empty();
        };
    }

    /// What a kernel is for, as its first octets say.
    ///
    /// @return empty where they don't, as those of a kernel that is compressed as a whole
    public static Optional<Architecture> ofKernel(Path file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(LARGEST_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (head.hasRemaining() && channel.read(head) >= 0) {
                // There may be more.
            }
        }
        return ofKernel(head.flip());
    }

    private static Optional<Architecture> ofKernel(ByteBuffer head) {
        if (is(head, 0, "MZ") && head.limit() >= PE_OFFSET + 4) {
            int header = head.getInt(PE_OFFSET);
            if (header > 0 && header <= head.limit() - 6 && is(head, header, "PE\0\0")) {
                return ofProgram(Short.toUnsignedInt(head.getShort(header + 4)));
            }
        }
        if (is(head, X86_MARK, "HdrS")) {
            return Optional.of(AMD64);
        }
        return is(head, ARM64_MARK, "ARMd") ? Optional.of(ARM64) : Optional.empty();
    }

    /// By the number of its kind of machine in an EFI program.
    private static Optional<Architecture> ofProgram(int machine) {
        return switch (machine) {
            case 0x014c, 0x8664 -> Optional.of(AMD64);
            case 0x01c0, 0x01c2, 0x01c4 -> Optional.of(ARM32);
            case 0xaa64 -> Optional.of(ARM64);
            case 0x5064 -> Optional.of(RISCV64);
            case 0x6264 -> Optional.of(LOONG64);
            default -> Optional.empty();
        };
    }

    private static boolean is(ByteBuffer head, int at, String mark) {
        if (at > head.limit() - mark.length()) {
            return false;
        }
        for (int i = 0; i < mark.length(); i++) {
            if (head.get(at + i) != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
