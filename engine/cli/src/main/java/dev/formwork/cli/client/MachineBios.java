package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.util.Map;

/// The settings of a machine's BIOS, by its maker's own names.
///
/// @param machine its name
/// @param pending those that are otherwise from the next reset on
/// @param json as the engine answered it
public record MachineBios(
        String machine, Map<String, Value> current, Map<String, Value> pending, Value.Struct json) {
    static MachineBios of(Value answer) {
        Fields fields = Fields.of(answer);
        return new MachineBios(
                fields.text("machine"),
                fields.struct("current").fields(),
                fields.struct("pending").fields(),
                fields.json());
    }
}
