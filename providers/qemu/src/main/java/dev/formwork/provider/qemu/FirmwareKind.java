package dev.formwork.provider.qemu;

/// What a machine starts with.
enum FirmwareKind {
    BIOS,
    UEFI
}
