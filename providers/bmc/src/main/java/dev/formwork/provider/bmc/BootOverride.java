package dev.formwork.provider.bmc;

import dev.formwork.provider.BootDevice;

/// What a controller tells its node's firmware to boot from.
///
/// @param always for every boot until it is taken back; otherwise for the next one
/// @param uefi the firmware is to boot by UEFI; otherwise as a BIOS
public record BootOverride(BootDevice device, boolean always, boolean uefi) {}
