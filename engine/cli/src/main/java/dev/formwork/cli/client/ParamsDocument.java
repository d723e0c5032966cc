package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.util.List;

/// The parameters of a machine as the engine answers them.
///
/// @param profiles that the machine takes
public record ParamsDocument(String machine, List<String> profiles, List<Param> params) {
    /// @param hides what lower layers say, the topmost first
    public record Param(String name, Value value, String layer, List<Hidden> hides) {}

    public record Hidden(String layer, Value value) {}

    static ParamsDocument of(Value answer) {
        Fields fields = Fields.of(answer);
        return new ParamsDocument(
                fields.text("machine"),
                fields.texts("profiles"),
                fields.list(
                        "params",
                        param ->
                                new Param(
                                        param.text("name"),
                                        value(param),
                                        param.text("layer"),
                                        param.list(
                                                "hides",
                                                hidden ->
                                                        new Hidden(
                                                                hidden.text("layer"),
                                                                value(hidden))))));
    }

    private static Value value(Fields fields) {
        return fields.json().fields().getOrDefault("value", Value.nil());
    }
}
