package dev.formwork.boot.pxe;

import org.jspecify.annotations.Nullable;

/// The firmware and processor of a machine that boots from the network.
public enum Platform {
    /// PC BIOS.
    BIOS,
    UEFI_IA32,
    UEFI_AMD64,
    UEFI_ARM32,
    UEFI_ARM64,
    UEFI_RISCV64;

    public boolean isUefi() {
        return this != BIOS;
    }

    /// By the number of option 93 (IANA, "Processor Architecture Types"); null where we have
    /// nothing for it. 7 and 9 are both amd64: RFC 4578 and the list of its errata name them the
    /// other way round, and firmware follows either.
    static @Nullable Platform of(int architecture) {
        return switch (architecture) {
            case 0, 20 -> BIOS;
            case 6, 15 -> UEFI_IA32;
            case 7, 9, 16 -> UEFI_AMD64;
            case 10, 18 -> UEFI_ARM32;
            case 11, 19 -> UEFI_ARM64;
            case 27, 28 -> UEFI_RISCV64;
            default -> null;
        };
    }
}
