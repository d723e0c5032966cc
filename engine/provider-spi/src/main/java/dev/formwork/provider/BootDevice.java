package dev.formwork.provider;

/// What a machine can boot from.
public enum BootDevice {
    /// The network card that [dev.formwork.model.hardware.Hardware] names first.
    NETWORK,
    /// Its disks.
    DISK,
    /// What is in its virtual drive: of a place that offers [VirtualMedia], and for
    /// [BootControl#bootOnce] only. Everything else says `provider.unsupported`.
    MEDIA
}
