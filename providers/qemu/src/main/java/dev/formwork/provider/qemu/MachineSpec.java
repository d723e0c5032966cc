package dev.formwork.provider.qemu;

import dev.formwork.model.Names;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.Settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a group asks for, from its `spec`:
///
/// | key | default | |
/// |---|---|---|
/// | `memory` | `512M` | `32M` to `4T` |
/// | `cpus` | 1 | 1 to 255 |
/// | `disks` | none | their sizes, `[10G, 1T]`, at most 8 |
/// | `firmware` | `bios` | or `uefi` |
/// | `boot` | `network` | what it looks at first; or `disk` |
///
/// @param memory in MiB
/// @param disks their sizes in bytes
record MachineSpec(
        long memory, int cpus, List<Long> disks, FirmwareKind firmware, BootDevice boot) {
    private static final long MEBI = 1L << 20;
    private static final long LEAST_MEMORY = 32 * MEBI;
    private static final long MOST = 4L << 40;
    private static final int MOST_DISKS = 8;
    private static final BootDevice[] BOOTS = {BootDevice.NETWORK, BootDevice.DISK};

    MachineSpec {
        disks = List.copyOf(disks);
    }

    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec`, with all that is wrong
    static MachineSpec read(String provider, Value.Struct struct) {
        Settings spec = Settings.spec(provider, struct);
        long memory = size(spec, "memory", spec.text("memory").orElse("512M"), LEAST_MEMORY);
        int cpus = Math.toIntExact(spec.integer("cpus", 1, 1, 255));
        List<Long> disks = new ArrayList<>();
        for (String size : spec.texts("disks", List.of())) {
            disks.add(size(spec, "disks", size, MEBI));
        }
        if (disks.size() > MOST_DISKS) {
            spec.refuse("disks", disks.size() + " disks", "at most " + MOST_DISKS);
        }
        FirmwareKind firmware = choice(spec, "firmware", FirmwareKind.BIOS, FirmwareKind.values());
        BootDevice boot = choice(spec, "boot", BootDevice.NETWORK, BOOTS);
        spec.finish();
        return new MachineSpec(memory / MEBI, cpus, disks, firmware, boot);
    }

    private static long size(Settings spec, String key, String text, long least) {
        Optional<Long> bytes = Sizes.parse(text).filter(size -> size >= least && size <= MOST);
        if (bytes.isEmpty()) {
            spec.refuse(
                    key,
                    Names.abbreviate(text) + " is no size for it",
                    "such as 512M or 10G, from %dM to 4T".formatted(least / MEBI));
        }
        return bytes.orElse(least);
    }

    private static <E extends Enum<E>> E choice(Settings spec, String key, E fallback, E[] all) {
        Optional<String> said = spec.text(key);
        for (E each : all) {
            if (said.isPresent() && said.get().equals(each.name().toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        if (said.isPresent()) {
            List<String> known = new ArrayList<>();
            for (E each : all) {
                known.add(each.name().toLowerCase(Locale.ROOT));
            }
            spec.refuse(key, "not " + Names.abbreviate(said.get()), String.join(" or ", known));
        }
        return fallback;
    }
}
