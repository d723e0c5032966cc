package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.util.Optional;

/// What is in a machine's virtual drive.
///
/// @param machine its name
/// @param image where the image is; empty where the drive is
/// @param json as the engine answered it
public record MachineMedia(String machine, Optional<String> image, Value.Struct json) {
    static MachineMedia of(Value answer) {
        Fields fields = Fields.of(answer);
        return new MachineMedia(fields.text("machine"), fields.optional("image"), fields.json());
    }
}
