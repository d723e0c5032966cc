package dev.formwork.cli.client;

import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.time.Instant;
import java.util.Optional;

/// Something that changed.
///
/// @param type `run.ended`, `node.changed`, `machine.changed`, ...
/// @param subject a node's key, a machine's or a cluster's name
/// @param state what it is in now; empty where the event says none
public record RunEvent(
        long id,
        Instant at,
        String type,
        String subject,
        String state,
        String reason,
        int attempt,
        Optional<String> code,
        Optional<String> question) {
    static RunEvent of(String json) {
        Value answer = ValueJson.read(json);
        Fields fields = Fields.of(answer);
        Fields data = Fields.of(fields.struct("data"));
        long id = fields.json().fields().get("id") instanceof Value.Int(long number) ? number : 0;
        return new RunEvent(
                id,
                fields.time("at").orElse(Instant.EPOCH),
                fields.text("type"),
                fields.optional("subject").orElse(""),
                data.optional("state").orElse(""),
                data.optional("reason").orElse(""),
                data.number("attempt"),
                data.optional("code"),
                data.optional("question").map(RunNode::word));
    }
}
