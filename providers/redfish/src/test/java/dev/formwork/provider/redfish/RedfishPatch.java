package dev.formwork.provider.redfish;

import static dev.formwork.provider.redfish.RedfishReply.error;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a PATCH changes in an [InMemorySystem], or why not. All of it or nothing.
final class RedfishPatch {
    private static final Map<String, List<String>> BOOT =
            Map.of(
                    "BootSourceOverrideTarget", InMemorySystem.TARGETS,
                    "BootSourceOverrideEnabled", List.of("Disabled", "Once", "Continuous"),
                    "BootSourceOverrideMode", List.of("UEFI", "Legacy"));
    private static final List<String> LEDS = List.of("Lit", "Blinking", "Off");

    private RedfishPatch() {}

    static RedfishReply system(
            InMemorySystem system, Map<String, Object> body, Set<InMemoryRedfish.Trait> traits) {
        boolean isOld = traits.contains(InMemoryRedfish.Trait.OLD);
        for (Map.Entry<String, Object> each : body.entrySet()) {
            String name = each.getKey();
            Object value = each.getValue();
            switch (name) {
                case "AssetTag" -> {
                    if (!(value instanceof String)) {
                        return error(400, "PropertyValueTypeError", String.valueOf(value), name);
                    }
                }
                case "LocationIndicatorActive" -> {
                    if (isOld) {
                        return error(400, "PropertyUnknown", name);
                    }
                    if (!(value instanceof Boolean)) {
                        return error(400, "PropertyValueTypeError", String.valueOf(value), name);
                    }
                }
                case "IndicatorLED" -> {
                    if (!isOld) {
                        return error(400, "PropertyUnknown", name);
                    }
                    if (!(value instanceof String led) || !LEDS.contains(led)) {
                        return error(400, "PropertyValueNotInList", String.valueOf(value), name);
                    }
                }
                case "Boot" -> {
                    if (!(value instanceof Map<?, ?> boot)) {
                        return error(400, "PropertyValueTypeError", String.valueOf(value), name);
                    }
                    for (Map.Entry<?, ?> inner : boot.entrySet()) {
                        List<String> values = BOOT.get(String.valueOf(inner.getKey()));
                        if (values == null) {
                            return error(400, "PropertyUnknown", String.valueOf(inner.getKey()));
                        }
                        if (!(inner.getValue() instanceof String text) || !values.contains(text)) {
                            return error(
                                    400,
                                    "PropertyValueNotInList",
                                    String.valueOf(inner.getValue()),
                                    String.valueOf(inner.getKey()));
                        }
                    }
                    if (traits.contains(InMemoryRedfish.Trait.WHOLE_BOOT)
                            && boot.size() < BOOT.size()) {
                        return error(400, "PropertyUnknown", "Boot");
                    }
                }
                case "PowerState", "Id", "Name", "UUID" -> {
                    return error(400, "PropertyNotWritable", name);
                }
                default -> {
                    return error(400, "PropertyUnknown", name);
                }
            }
        }
        body.forEach((name, value) -> apply(system, name, value));
        return RedfishReply.nothing();
    }

    private static void apply(InMemorySystem system, String name, Object value) {
        switch (name) {
            case "AssetTag" -> system.assetTag = String.valueOf(value);
            case "LocationIndicatorActive" -> system.located = (Boolean) value;
            case "IndicatorLED" -> system.located = !value.equals("Off");
            default -> {
                Map<?, ?> boot = (Map<?, ?>) value;
                boot.forEach((key, chosen) -> {
                    switch (String.valueOf(key)) {
                        case "BootSourceOverrideTarget" -> system.target = String.valueOf(chosen);
                        case "BootSourceOverrideMode" -> system.mode = String.valueOf(chosen);
                        default -> system.enabled = String.valueOf(chosen);
                    }
                });
            }
        }
    }

    static RedfishReply bios(InMemorySystem system, Map<String, Object> body) {
        if (!(body.get("Attributes") instanceof Map<?, ?> wanted)) {
            return error(400, "PropertyUnknown", "Attributes");
        }
        for (Map.Entry<?, ?> each : wanted.entrySet()) {
            Object now = system.bios.get(String.valueOf(each.getKey()));
            if (now == null) {
                return error(400, "PropertyUnknown", "Attributes/" + each.getKey());
            }
            if (each.getValue() == null || each.getValue().getClass() != now.getClass()) {
                return error(
                        400,
                        "PropertyValueTypeError",
                        String.valueOf(each.getValue()),
                        "Attributes/" + each.getKey());
            }
        }
        wanted.forEach((name, value) -> system.pendingBios.put(String.valueOf(name), value));
        return RedfishReply.nothing();
    }
}
