package dev.formwork.provider.redfish;

import static dev.formwork.provider.redfish.RedfishReply.json;
import static dev.formwork.provider.redfish.RedfishReply.ref;
import static dev.formwork.provider.redfish.RedfishReply.refs;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// One computer behind an [InMemoryRedfish], with what its resources say. Guarded by the service.
final class InMemorySystem {
    static final List<String> RESETS =
            List.of("On", "ForceOff", "GracefulShutdown", "ForceRestart", "PushPowerButton", "Nmi");
    static final List<String> TARGETS =
            List.of("None", "Pxe", "UefiHttp", "Hdd", "Cd", "Usb", "BiosSetup");

    final String id;
    final int number;
    String manufacturer = "Contoso";
    String model = "3500";
    String power = "Off";
    String target = "None";
    String enabled = "Disabled";
    String mode = "UEFI";
    String assetTag = "";
    boolean located;
    @Nullable String image;
    final Map<String, Object> bios =
            new TreeMap<>(Map.of("BootMode", "Uefi", "NumaNodes", 2, "Turbo", true));
    final Map<String, Object> pendingBios = new TreeMap<>();
    final Map<String, String> firmware =
            new TreeMap<>(Map.of("BMC", "1.45.455b66-rev4", "BIOS", "P79 v1.45"));
    final List<String> log = new ArrayList<>(List.of("System power restored", "Fan 3 failed"));

    /// What it booted from, in the order of its boots.
    final List<String> boots = new ArrayList<>();

    /// Resets that it did.
    final List<String> resets = new ArrayList<>();

    InMemorySystem(String id, int number) {
        this.id = id;
        this.number = number;
    }

    String path() {
        return "/redfish/v1/Systems/" + id;
    }

    String chassis() {
        return "/redfish/v1/Chassis/" + id;
    }

    String manager() {
        return "/redfish/v1/Managers/" + id;
    }

    String mac(int card) {
        return "52:54:00:12:%02X:%02X".formatted(card, number);
    }

    /// Does a reset, as far as the state allows it.
    ///
    /// @return whether it does
    boolean reset(String type) {
        boolean isOn = power.equals("On");
        boolean does =
                switch (type) {
                    case "On" -> !isOn;
                    case "ForceOff", "GracefulShutdown", "ForceRestart", "Nmi" -> isOn;
                    case "PushPowerButton" -> true;
                    default -> false;
                };
        if (!does) {
            return false;
        }
        resets.add(type);
        switch (type) {
            case "On", "ForceRestart" -> boot();
            case "PushPowerButton" -> {
                if (isOn) {
                    power = "Off";
                } else {
                    boot();
                }
            }
            case "ForceOff", "GracefulShutdown" -> power = "Off";
            default -> {}
        }
        return true;
    }

    private void boot() {
        power = "On";
        boots.add(enabled.equals("Disabled") ? "default" : target);
        if (enabled.equals("Once")) {
            enabled = "Disabled";
            target = "None";
        }
        bios.putAll(pendingBios);
        pendingBios.clear();
    }

    Map<String, Object> system(Set<InMemoryRedfish.Trait> traits) {
        Map<String, Object> boot =
                json(
                        "BootSourceOverrideEnabled",
                        enabled,
                        "BootSourceOverrideEnabled@Redfish.AllowableValues",
                        List.of("Disabled", "Once", "Continuous"),
                        "BootSourceOverrideTarget",
                        target,
                        "BootSourceOverrideTarget@Redfish.AllowableValues",
                        TARGETS,
                        "BootSourceOverrideMode",
                        mode,
                        "BootSourceOverrideMode@Redfish.AllowableValues",
                        List.of("UEFI", "Legacy"));
        Map<String, Object> reset = json("target", path() + "/Actions/ComputerSystem.Reset");
        if (traits.contains(InMemoryRedfish.Trait.ACTION_INFO)) {
            reset.put("@Redfish.ActionInfo", path() + "/ResetActionInfo");
        } else {
            reset.put("ResetType@Redfish.AllowableValues", RESETS);
        }
        Map<String, Object> system =
                json(
                        "@odata.id",
                        path(),
                        "@odata.type",
                        "#ComputerSystem.v1_20_0.ComputerSystem",
                        "Id",
                        id,
                        "Name",
                        "System " + id,
                        "SystemType",
                        "Physical",
                        "Manufacturer",
                        manufacturer,
                        "Model",
                        model,
                        "SKU",
                        "8675309",
                        "SerialNumber",
                        "SN-" + id,
                        "PartNumber",
                        "224071-J23",
                        "UUID",
                        new UUID(0x1234567812344234L, 0x8000000000000000L + number).toString(),
                        "HostName",
                        "web" + number,
                        "AssetTag",
                        assetTag,
                        "BiosVersion",
                        firmware.get("BIOS"),
                        "PowerState",
                        power,
                        "Status",
                        ok(),
                        "Boot",
                        boot,
                        "ProcessorSummary",
                        json("Count", 2, "Model", "Multi-Core Intel(R) Xeon(R)", "Status", ok()),
                        "MemorySummary",
                        json("TotalSystemMemoryGiB", 96, "Status", ok()));
        if (traits.contains(InMemoryRedfish.Trait.OLD)) {
            system.put("IndicatorLED", located ? "Blinking" : "Off");
        } else {
            system.put("LocationIndicatorActive", located);
            system.put(
                    "SerialConsole",
                    json(
                            "MaxConcurrentSessions",
                            3,
                            "SSH",
                            json("ServiceEnabled", true, "Port", 22, "SharedWithManagerCLI", true),
                            "IPMI",
                            json("ServiceEnabled", false, "Port", 623)));
        }
        system.put("Bios", ref(path() + "/Bios"));
        system.put("Processors", ref(path() + "/Processors"));
        system.put("Memory", ref(path() + "/Memory"));
        system.put("EthernetInterfaces", ref(path() + "/EthernetInterfaces"));
        system.put("Storage", ref(path() + "/Storage"));
        system.put("LogServices", ref(path() + "/LogServices"));
        system.put("Links", json("Chassis", refs(chassis()), "ManagedBy", refs(manager())));
        system.put("Actions", json("#ComputerSystem.Reset", reset));
        return system;
    }

    static Map<String, Object> ok() {
        return json("State", "Enabled", "Health", "OK");
    }
}
