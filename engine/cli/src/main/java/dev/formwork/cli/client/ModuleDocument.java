package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.util.List;
import java.util.Optional;

/// A module as the engine answers it: of a list, without inputs and outputs.
///
/// @param steps of a workflow: `name: uses (on)`
public record ModuleDocument(
        String name,
        String version,
        String kind,
        String summary,
        List<String> provides,
        List<String> providedBy,
        List<Field> inputs,
        List<Field> outputs,
        List<Step> steps,
        Value.Struct json) {

    /// An input or an output.
    ///
    /// @param type as its schema says it; empty where it says none
    /// @param standard the value when nothing is given, as JSON
    public record Field(
            String name,
            String type,
            String description,
            boolean required,
            Optional<Value> standard,
            boolean secret) {}

    public record Step(String name, String uses, String on) {}

    static ModuleDocument of(Value answer) {
        Fields fields = Fields.of(answer);
        return new ModuleDocument(
                fields.text("name"),
                fields.text("version"),
                fields.text("kind"),
                fields.optional("summary").orElse(""),
                fields.texts("provides"),
                fields.texts("provided_by"),
                fields.list("inputs", ModuleDocument::field),
                fields.list("outputs", ModuleDocument::field),
                fields.fields("workflow")
                        .map(workflow -> workflow.list("steps", ModuleDocument::step))
                        .orElse(List.of()),
                fields.json());
    }

    private static Field field(Fields fields) {
        Fields schema = Fields.of(fields.struct("schema"));
        return new Field(
                fields.text("name"),
                schema.optional("type").orElse(""),
                schema.optional("description").orElse(""),
                fields.flag("required"),
                Optional.ofNullable(fields.json().fields().get("default")),
                fields.flag("secret"));
    }

    private static Step step(Fields fields) {
        return new Step(fields.text("name"), fields.text("uses"), fields.text("on"));
    }
}
