package dev.formwork.provider.ipmi;

import dev.formwork.provider.BootDevice;

/// What differs between vendors, by the manufacturer's number that the controller says (`mc info`;
/// the numbers are IANA's private enterprise numbers). A line needs a source.
///
/// Some things hold for all and are no quirks: boot flags are sent as raw bytes, because ipmitool
/// 1.8.18 forgets one of `persistent` and `efiboot` where both are given; and the controller is
/// asked not to forget the flags after 60 seconds (IPMI 2.0, 28.13, parameter 3), as OpenStack
/// Ironic does (`disable_boot_timeout`), which some refuse, and that is well.
///
/// A controller that needs another way to make a session (`intelplus`, `supermicro`) cannot be
/// asked who it is: for these there is the setting `oem`, `ipmitool -o`.
enum Quirks {
    /// With UEFI, Supermicro's firmware takes the selector of a "UEFI hard drive" (0x24) for the
    /// disk, and not that of the specification (0x08). Source: Supermicro's own SMCIPMITool, as the
    /// people of metal-stack found (go-hal, `ipmi`), and Supermicro's FAQ 25559.
    SUPERMICRO {
        @Override
        boolean isOf(long manufacturer) {
            return manufacturer == 10_876 || manufacturer == 47_488;
        }

        @Override
        int selector(BootDevice device, boolean uefi) {
            return uefi && device == BootDevice.DISK ? 0x24 : super.selector(device, uefi);
        }
    },
    /// All others.
    NONE {
        @Override
        boolean isOf(long manufacturer) {
            return true;
        }
    };

    static Quirks of(long manufacturer) {
        for (Quirks each : values()) {
            if (each.isOf(manufacturer)) {
                return each;
            }
        }
        return NONE;
    }

    abstract boolean isOf(long manufacturer);

    /// The second byte of the boot flags (IPMI 2.0, table 28-14): the device in bits 5 to 2.
    int selector(BootDevice device, boolean uefi) {
        return switch (device) {
            case NETWORK -> 0x04;
            case DISK -> 0x08;
            case MEDIA -> throw new IllegalArgumentException("IPMI has no virtual drive");
        };
    }
}
