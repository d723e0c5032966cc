package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.time.Instant;
import java.util.Optional;

/// A node of a run as the engine answers it.
///
/// @param state `blocked`, `ready`, `waiting`, `running`, `succeeded`, `unchanged`, `failed`,
///   `skipped`, `cancelled`
/// @param job the last one, if it has had any: then there is a log
/// @param code of a failure
/// @param question `did_it_happen`, `approve_more`
public record RunNode(
        String key,
        String action,
        Optional<String> machine,
        String state,
        int attempt,
        Optional<String> job,
        String reason,
        Optional<String> code,
        Optional<String> question,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Value.Struct json) {
    static RunNode of(Value answer) {
        Fields fields = Fields.of(answer);
        return new RunNode(
                fields.text("key"),
                fields.text("action"),
                fields.optional("machine"),
                fields.text("state"),
                fields.number("attempt"),
                fields.optional("job"),
                fields.optional("reason").orElse(""),
                fields.optional("code"),
                fields.optional("question").map(RunNode::word),
                fields.time("started_at"),
                fields.time("ended_at"),
                fields.json());
    }

    public String step() {
        return NodeName.step(key);
    }

    /// Nothing more happens to it by itself.
    public boolean ended() {
        return isEnded(state);
    }

    static boolean isEnded(String state) {
        return switch (state) {
            case "succeeded", "unchanged", "failed", "skipped", "cancelled" -> true;
            default -> false;
        };
    }

    /// Events write it with a dash, answers with an underscore.
    static String word(String question) {
        return question.replace('-', '_');
    }
}
