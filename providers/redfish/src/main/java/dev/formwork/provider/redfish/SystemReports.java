package dev.formwork.provider.redfish;

import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.MachineInventory.Part;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.SensorReading.Health;
import dev.formwork.provider.redfish.client.Link;
import dev.formwork.provider.redfish.client.Resource;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// What a system says of itself: parts, sensors, events. Where a service leaves something out, that
/// is left out here.
final class SystemReports {
    private static final int MOST_MACS = 16;
    private static final int MOST_EVENTS = 2000;

    private final ManagedSystem system;

    SystemReports(ManagedSystem system) {
        this.system = system;
    }

    /// By its MAC addresses, those with a link first; by UUID and serial number where it says none:
    /// some services write a UUID in another order of bytes than SMBIOS does.
    Hardware hardware() {
        Resource now = system.read();
        List<String> macs =
                system.members(now.link("EthernetInterfaces")).stream()
                        .sorted(
                                Comparator.comparing(card ->
                                        !card.text("LinkStatus").equals(Optional.of("LinkUp"))))
                        .flatMap(card ->
                                card
                                        .text("PermanentMACAddress")
                                        .or(() -> card.text("MACAddress"))
                                        .stream())
                        .map(mac -> mac.toLowerCase(Locale.ROOT).replace('-', ':'))
                        .filter(mac -> mac.matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}"))
                        .filter(mac -> !mac.equals("00:00:00:00:00:00"))
                        .distinct()
                        .limit(MOST_MACS)
                        .toList();
        if (!macs.isEmpty()) {
            return new Hardware(macs, Optional.empty(), Optional.empty());
        }
        return new Hardware(
                List.of(),
                now.text("UUID")
                        .map(uuid -> uuid.toLowerCase(Locale.ROOT))
                        .filter(uuid -> uuid.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")),
                now.text("SerialNumber").filter(serial -> serial.matches("[ -~]{1,128}")));
    }

    MachineInventory inventory() {
        Resource now = system.read();
        List<Part> parts = new ArrayList<>();
        List<MachineInventory.Firmware> firmware = new ArrayList<>();
        now.text("BiosVersion")
                .ifPresent(version -> firmware.add(new MachineInventory.Firmware("BIOS", version)));
        for (Link each : system.chassis(now)) {
            system.optional(Optional.of(each))
                    .ifPresent(found -> parts.add(part("chassis", found)));
        }
        for (Link each : system.managers(now)) {
            Optional<Resource> manager = system.optional(Optional.of(each));
            manager.ifPresent(found -> {
                parts.add(part("controller", found));
                found.text("FirmwareVersion")
                        .ifPresent(version ->
                                firmware.add(new MachineInventory.Firmware("BMC", version)));
            });
        }
        add(parts, "processor", system.members(now.link("Processors")));
        add(parts, "memory", system.members(now.link("Memory")));
        for (Resource card : system.members(now.link("EthernetInterfaces"))) {
            Part plain = part("network", card);
            parts.add(
                    new Part(
                            plain.kind(),
                            plain.name(),
                            plain.manufacturer(),
                            plain.model(),
                            plain.partNumber(),
                            card.text("PermanentMACAddress").or(() -> card.text("MACAddress"))));
        }
        for (Resource storage : system.members(now.link("Storage"))) {
            for (Link drive : storage.links("Drives")) {
                Optional<Resource> found = system.optional(Optional.of(drive));
                found.filter(SystemReports::isThere)
                        .ifPresent(disk -> {
                            parts.add(part("disk", disk));
                            disk.text("Revision")
                                    .ifPresent(version ->
                                            firmware.add(
                                                    new MachineInventory.Firmware(
                                                            name(disk), version)));
                        });
            }
        }
        consoles(now).forEach(parts::add);
        return new MachineInventory(part("system", now), parts, firmware);
    }

    private static void add(List<Part> parts, String kind, List<Resource> found) {
        found.stream().filter(SystemReports::isThere).forEach(each -> parts.add(part(kind, each)));
    }

    private static boolean isThere(Resource part) {
        return !part.text("Status", "State").equals(Optional.of("Absent"));
    }

    private static Part part(String kind, Resource each) {
        return new Part(
                kind,
                name(each),
                nonBlank(each.text("Manufacturer")),
                nonBlank(each.text("Model")),
                nonBlank(each.text("PartNumber")),
                nonBlank(each.text("SerialNumber")));
    }

    private static String name(Resource each) {
        return nonBlank(each.text("DeviceLocator"))
                .or(() -> nonBlank(each.text("Socket")))
                .or(() -> nonBlank(each.text("Name")))
                .orElse(each.self().name());
    }

    private static Optional<String> nonBlank(Optional<String> text) {
        return text.filter(each -> !each.isBlank());
    }

    /// Where the system's serial console can be had; it is not read here.
    private List<Part> consoles(Resource now) {
        List<Part> consoles = new ArrayList<>();
        for (String way : List.of("SSH", "Telnet", "IPMI")) {
            Resource console = now.part("SerialConsole", way);
            if (console.flag("ServiceEnabled").orElse(false)) {
                consoles.add(
                        new Part(
                                "serial-console",
                                console.whole("Port")
                                        .map(port -> way + " port " + port)
                                        .orElse(way),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
            }
        }
        return consoles;
    }

    List<SensorReading> sensors() {
        Resource now = system.read();
        List<SensorReading> readings = new ArrayList<>();
        for (Link each : system.chassis(now)) {
            Optional<Resource> chassis = system.optional(Optional.of(each));
            if (chassis.isEmpty()) {
                continue;
            }
            List<Resource> sensors = system.members(chassis.get().link("Sensors"));
            sensors.forEach(sensor ->
                    readings.add(
                            reading(
                                    sensor,
                                    sensor.number("Reading"),
                                    unit(sensor.text("ReadingUnits").orElse("")))));
            if (sensors.isEmpty()) {
                readings.addAll(olderSensors(chassis.get()));
            }
        }
        return readings;
    }

    /// Of services from before `Sensors` (2018.3).
    private List<SensorReading> olderSensors(Resource chassis) {
        List<SensorReading> readings = new ArrayList<>();
        Optional<Resource> thermal = system.optional(chassis.link("Thermal"));
        Optional<Resource> power = system.optional(chassis.link("Power"));
        for (Resource each : all(thermal, "Temperatures")) {
            readings.add(reading(each, each.number("ReadingCelsius"), "°C"));
        }
        for (Resource each : all(thermal, "Fans")) {
            readings.add(
                    reading(
                            each,
                            each.number("Reading").or(() -> each.number("ReadingRPM")),
                            unit(each.text("ReadingUnits").orElse("RPM"))));
        }
        for (Resource each : all(power, "Voltages")) {
            readings.add(reading(each, each.number("ReadingVolts"), "V"));
        }
        for (Resource each : all(power, "PowerControl")) {
            readings.add(reading(each, each.number("PowerConsumedWatts"), "W"));
        }
        for (Resource each : all(power, "PowerSupplies")) {
            readings.add(
                    reading(
                            each,
                            each.number("PowerInputWatts")
                                    .or(() -> each.number("LastPowerOutputWatts")),
                            "W"));
        }
        return readings;
    }

    private static List<Resource> all(Optional<Resource> resource, String member) {
        return resource.map(each -> each.parts(member)).orElse(List.of());
    }

    private static SensorReading reading(Resource sensor, Optional<Double> value, String unit) {
        return new SensorReading(
                sensor.text("Name").or(() -> sensor.text("FanName")).orElse(sensor.self().name()),
                value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty(),
                value.isPresent() ? unit : "",
                health(sensor.text("Status", "Health").orElse("")),
                sensor.text("Status", "State").orElse(""));
    }

    /// As people write it; Redfish writes units as UCUM does.
    private static String unit(String units) {
        return switch (units) {
            case "Cel" -> "°C";
            case "{rev}/min" -> "RPM";
            case "Percent" -> "%";
            default -> units;
        };
    }

    private static Health health(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "ok" -> Health.OK;
            case "warning" -> Health.WARNING;
            case "critical" -> Health.CRITICAL;
            default -> Health.UNKNOWN;
        };
    }

    /// Of the system's own logs; of those of its controllers where it has none.
    List<HardwareEvent> events(int most) {
        Resource now = system.read();
        List<Resource> logs = new ArrayList<>(system.members(now.link("LogServices")));
        if (logs.isEmpty()) {
            for (Link manager : system.managers(now)) {
                logs.addAll(
                        system.members(
                                system.optional(Optional.of(manager))
                                        .flatMap(each -> each.link("LogServices"))));
            }
        }
        List<HardwareEvent> events = new ArrayList<>();
        for (Resource log : logs) {
            log.link("Entries")
                    .ifPresent(entries ->
                            system.service().first(entries, MOST_EVENTS).stream()
                                    .map(entry -> event(log, entry, logs.size()))
                                    .forEach(events::add));
        }
        // Services give the newest first, or last.
        List<HardwareEvent> sorted =
                events.stream()
                        .sorted(
                                Comparator.comparing(
                                        (HardwareEvent event) -> event.at().orElse(Instant.MIN)))
                        .toList();
        return sorted.subList(Math.max(0, sorted.size() - most), sorted.size());
    }

    private static HardwareEvent event(Resource log, Resource entry, int logs) {
        String id = entry.text("Id").orElse(entry.self().name());
        return new HardwareEvent(
                logs == 1 ? id : log.self().name() + "/" + id,
                entry.text("Created")
                        .or(() -> entry.text("EventTimestamp"))
                        .flatMap(SystemReports::instant),
                Stream.of(entry.text("SensorType"), entry.text("Name"))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(""),
                entry.text("Message").orElse(""),
                health(entry.text("Severity").orElse("")));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notOne) {
            return Optional.empty();
        }
    }
}
