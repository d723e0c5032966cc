package dev.formwork.provider;

/// What a machine can boot from.
public enum BootDevice {
    /// The network card that [dev.formwork.model.hardware.Hardware] names first.
    NETWORK,
    /// Its disks.
    DISK
}
