package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.util.List;
import java.util.Optional;

/// What firmware a machine has.
///
/// @param machine its name
/// @param json as the engine answered it
public record MachineFirmware(String machine, List<Component> components, Value.Struct json) {

    /// @param version may be empty
    public record Component(String id, String name, String version, boolean isUpdateable) {
        static Component of(Fields fields) {
            return new Component(
                    fields.text("id"),
                    fields.text("name"),
                    fields.text("version"),
                    fields.flag("updateable"));
        }
    }

    /// How far an update is.
    ///
    /// @param machine its name
    /// @param state `running`, `done` or `failed`
    /// @param percent where its place says it
    /// @param messages of its place
    /// @param json as the engine answered it
    public record Update(
            String machine,
            String id,
            String state,
            Optional<Integer> percent,
            List<String> messages,
            Value.Struct json) {
        static Update of(Value answer) {
            Fields fields = Fields.of(answer);
            return new Update(
                    fields.text("machine"),
                    fields.text("id"),
                    fields.text("state"),
                    fields.json().fields().containsKey("percent")
                            ? Optional.of(fields.number("percent"))
                            : Optional.empty(),
                    fields.texts("messages"),
                    fields.json());
        }
    }

    static MachineFirmware of(Value answer) {
        Fields fields = Fields.of(answer);
        return new MachineFirmware(
                fields.text("machine"), fields.list("components", Component::of), fields.json());
    }
}
