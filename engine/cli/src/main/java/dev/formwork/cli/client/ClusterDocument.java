package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.util.List;
import java.util.Optional;

/// A cluster as the engine answers it.
///
/// @param outputs of its last successful run, secrets as `***`
public record ClusterDocument(
        String name,
        List<Member> members,
        Value.Struct outputs,
        Optional<Run> lastRun,
        Value.Struct json) {

    /// @param machine the machine's id
    /// @param state of the machine
    public record Member(
            String group,
            String name,
            String machine,
            String state,
            boolean standing,
            Optional<String> address,
            Optional<String> provider) {}

    static ClusterDocument of(Value answer) {
        Fields fields = Fields.of(answer);
        return new ClusterDocument(
                fields.text("name"),
                fields.list("members", ClusterDocument::member),
                fields.struct("outputs"),
                fields.fields("last_run").map(run -> Run.of(run.json())),
                fields.json());
    }

    private static Member member(Fields fields) {
        return new Member(
                fields.text("group"),
                fields.text("name"),
                fields.text("machine"),
                fields.text("state"),
                fields.flag("standing"),
                fields.optional("address"),
                fields.optional("provider"));
    }
}
