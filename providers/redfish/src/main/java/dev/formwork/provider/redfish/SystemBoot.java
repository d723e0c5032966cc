package dev.formwork.provider.redfish;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.bmc.BootOverride;
import dev.formwork.provider.redfish.client.Quirk;
import dev.formwork.provider.redfish.client.RedfishCode;
import dev.formwork.provider.redfish.client.Resource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a system boots from instead of what its firmware is set up for: `BootSourceOverride*` of
/// its `Boot`.
final class SystemBoot {
    private static final String TARGET = "BootSourceOverrideTarget";
    private static final String ENABLED = "BootSourceOverrideEnabled";
    private static final String MODE = "BootSourceOverrideMode";
    private static final String ALLOWED = "@Redfish.AllowableValues";

    private final ManagedSystem system;
    private final boolean byHttp;

    /// @param byHttp booting from the network is UEFI HTTP boot, not PXE
    SystemBoot(ManagedSystem system, boolean byHttp) {
        this.system = system;
        this.byHttp = byHttp;
    }

    void from(BootOverride override) {
        Resource now = system.read();
        Resource place = place(now);
        Set<Quirk> quirks = system.quirks(now);
        String target = target(override.device(), override.uefi(), place, quirks);
        boolean isAlways = override.always() && offers(place, ENABLED, "Continuous");
        try {
            set(place, target, isAlways ? "Continuous" : "Once", mode(override), quirks);
        } catch (ProblemException refused) {
            // Some say that they take it, and do not.
            if (!isAlways || !refused.code().equals(RedfishCode.REFUSED.code())) {
                throw refused;
            }
            set(place, target, "Once", mode(override), quirks);
        }
    }

    private static String mode(BootOverride override) {
        return override.uefi() ? "UEFI" : "Legacy";
    }

    void byItself() {
        Resource now = system.read();
        Resource place = place(now);
        if (place.text("Boot", ENABLED).equals(Optional.of("Disabled"))) {
            return;
        }
        set(
                place,
                offers(place, TARGET, "None") ? "None" : place.text("Boot", TARGET).orElse("None"),
                "Disabled",
                place.text("Boot", MODE).orElse(""),
                system.quirks(now));
    }

    /// The resource that has the override, see [Quirk#BOOT_IN_SETTINGS].
    private Resource place(Resource now) {
        return system.optional(now.link("@Redfish.Settings", "SettingsObject"))
                .filter(settings -> settings.has("Boot", TARGET))
                .orElse(now);
    }

    private String target(BootDevice device, boolean uefi, Resource place, Set<Quirk> quirks) {
        return switch (device) {
            case NETWORK -> byHttp && uefi ? "UefiHttp" : "Pxe";
            case DISK -> "Hdd";
            case MEDIA ->
                    quirks.contains(Quirk.CD_IS_USB)
                                    && place.texts("Boot", TARGET + ALLOWED).contains("UsbCd")
                            ? "UsbCd"
                            : "Cd";
        };
    }

    private static boolean offers(Resource place, String member, String value) {
        List<String> offered = place.texts("Boot", member + ALLOWED);
        return offered.isEmpty() || offered.contains(value);
    }

    /// Sends what is otherwise only: some refuse to be told what is so already, and others want to
    /// be told everything ([Quirk#WHOLE_BOOT_OVERRIDE]).
    private void set(
            Resource place, String target, String enabled, String mode, Set<Quirk> quirks) {
        boolean isWhole = quirks.contains(Quirk.WHOLE_BOOT_OVERRIDE);
        boolean hasTarget = place.text("Boot", TARGET).equals(Optional.of(target));
        boolean hasEnabled = place.text("Boot", ENABLED).equals(Optional.of(enabled));
        boolean hasMode =
                place.text("Boot", MODE)
                        .map(now -> now.equals(mode) || mode.isEmpty())
                        .orElse(true);
        if (hasTarget && hasEnabled && hasMode) {
            return;
        }
        Map<String, String> boot = new LinkedHashMap<>();
        boot.put(TARGET, target);
        if (isWhole || !hasEnabled) {
            boot.put(ENABLED, enabled);
        }
        if (!mode.isEmpty() && (isWhole || !hasMode)) {
            boot.put(MODE, mode);
        }
        system.change(place, Map.of("Boot", boot));
    }
}
