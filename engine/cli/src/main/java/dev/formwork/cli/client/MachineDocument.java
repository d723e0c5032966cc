package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A machine as the engine answers it.
///
/// @param disk `installed` by its boot environment, or `wanted` to be so again
/// @param held codes of boots that say they are this machine and wait to be approved
/// @param facts as its agent reported them: hostile data
public record MachineDocument(
        String id,
        String name,
        Optional<String> cluster,
        Optional<String> group,
        Optional<String> provider,
        String state,
        Optional<String> address,
        Value.Struct facts,
        Optional<Instant> lastSeen,
        Optional<String> disk,
        List<String> held,
        Value.Struct json) {
    static MachineDocument of(Value answer) {
        Fields fields = Fields.of(answer);
        return new MachineDocument(
                fields.text("id"),
                fields.text("name"),
                fields.optional("cluster"),
                fields.optional("group"),
                fields.optional("provider"),
                fields.text("state"),
                fields.optional("address"),
                fields.struct("facts"),
                fields.time("last_seen"),
                fields.optional("disk"),
                fields.list("held", each -> each.text("code")),
                fields.json());
    }
}
