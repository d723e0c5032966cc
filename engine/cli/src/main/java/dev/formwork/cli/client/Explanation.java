package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.util.List;
import java.util.Optional;

/// Why a node is in its state, as the engine answers it.
///
/// @param chain from the nearest cause to the root
public record Explanation(
        String key,
        String state,
        String reason,
        List<Cause> chain,
        Optional<String> hint,
        Value.Struct json) {

    /// @param subject a node's key, or a machine's name
    public record Cause(String subject, Optional<String> state, String reason) {}

    static Explanation of(Value answer) {
        Fields fields = Fields.of(answer);
        return new Explanation(
                fields.text("key"),
                fields.text("state"),
                fields.optional("reason").orElse(""),
                fields.list(
                        "chain",
                        cause ->
                                new Cause(
                                        cause.text("subject"),
                                        cause.optional("state"),
                                        cause.optional("reason").orElse(""))),
                fields.optional("hint"),
                fields.json());
    }
}
