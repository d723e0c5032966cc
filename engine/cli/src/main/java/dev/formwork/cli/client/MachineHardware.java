package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a machine is made of, measures, or has noted: what was asked for; the rest is empty.
///
/// @param machine its name
/// @param json as the engine answered it
public record MachineHardware(
        String machine,
        Optional<Part> system,
        List<Part> parts,
        List<Firmware> firmware,
        List<Sensor> sensors,
        List<HardwareEvent> events,
        Value.Struct json) {

    /// One part; what is not known of it is empty.
    public record Part(
            String kind,
            String name,
            String manufacturer,
            String model,
            String partNumber,
            String serial) {
        static Part of(Fields fields) {
            return new Part(
                    fields.text("kind"),
                    fields.text("name"),
                    fields.optional("manufacturer").orElse(""),
                    fields.optional("model").orElse(""),
                    fields.optional("part_number").orElse(""),
                    fields.optional("serial").orElse(""));
        }
    }

    /// What runs in one part.
    public record Firmware(String name, String version) {}

    /// @param value as a text; empty where there is none
    public record Sensor(String name, String value, String unit, String health, String state) {
        static Sensor of(Fields fields) {
            Value value = fields.json().fields().get("value");
            return new Sensor(
                    fields.text("name"),
                    value == null ? "" : value.toString(),
                    fields.optional("unit").orElse(""),
                    fields.text("health"),
                    fields.optional("state").orElse(""));
        }
    }

    /// @param at empty where the place does not know
    public record HardwareEvent(
            String id, Optional<Instant> at, String source, String message, String health) {
        static HardwareEvent of(Fields fields) {
            return new HardwareEvent(
                    fields.text("id"),
                    fields.time("at"),
                    fields.optional("source").orElse(""),
                    fields.text("message"),
                    fields.text("health"));
        }
    }

    static MachineHardware of(Value answer) {
        Fields fields = Fields.of(answer);
        return new MachineHardware(
                fields.text("machine"),
                fields.fields("system").map(Part::of),
                fields.list("parts", Part::of),
                fields.list(
                        "firmware", each -> new Firmware(each.text("name"), each.text("version"))),
                fields.list("sensors", Sensor::of),
                fields.list("events", HardwareEvent::of),
                fields.json());
    }
}
