package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

/// Whether a machine is on.
///
/// @param machine its name
/// @param power `on`, `off`, `lost` or `unknown`
/// @param json as the engine answered it
public record MachinePower(String machine, String power, Value.Struct json) {
    static MachinePower of(Value answer) {
        Fields fields = Fields.of(answer);
        return new MachinePower(fields.text("machine"), fields.text("power"), fields.json());
    }
}
