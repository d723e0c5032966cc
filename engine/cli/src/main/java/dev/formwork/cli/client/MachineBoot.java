package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.util.Optional;

/// What a machine boots from.
///
/// @param machine its name
/// @param always `network` or `disk`
/// @param once from what it boots the next time instead, which may be `media` as well
/// @param json as the engine answered it
public record MachineBoot(String machine, String always, Optional<String> once, Value.Struct json) {
    static MachineBoot of(Value answer) {
        Fields fields = Fields.of(answer);
        return new MachineBoot(
                fields.text("machine"),
                fields.text("always"),
                fields.optional("once"),
                fields.json());
    }
}
