package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.time.Instant;

/// Something that a boot server sees on its networks, as the engine answers it.
///
/// @param detail may hold text of machines
public record BootSighting(
        String server, String code, String detail, Instant first, Instant last, int count) {
    static BootSighting of(Value answer) {
        Fields fields = Fields.of(answer);
        return new BootSighting(
                fields.text("server"),
                fields.text("code"),
                fields.text("detail"),
                fields.time("first").orElse(Instant.EPOCH),
                fields.time("last").orElse(Instant.EPOCH),
                fields.number("count"));
    }
}
