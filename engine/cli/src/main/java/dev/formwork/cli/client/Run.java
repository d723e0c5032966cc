package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A run as the engine answers it.
///
/// @param state `waiting`, `running`, `paused`, `cancelling`, `succeeded`, `failed`, `cancelled`
/// @param reason why it does not go on, or did not succeed
/// @param nodes their number in each state
/// @param questions keys of nodes that ask a person something
public record Run(
        String id,
        String cluster,
        String kind,
        String plan,
        String state,
        String requestedBy,
        String reason,
        Optional<Instant> createdAt,
        Optional<Instant> endedAt,
        Map<String, Integer> nodes,
        List<String> questions,
        Value.Struct json) {
    static Run of(Value answer) {
        Fields fields = Fields.of(answer);
        return new Run(
                fields.text("id"),
                fields.text("cluster"),
                fields.text("kind"),
                fields.text("plan"),
                fields.text("state"),
                fields.optional("requested_by").orElse(""),
                fields.optional("reason").orElse(""),
                fields.time("created_at"),
                fields.time("ended_at"),
                fields.counts("nodes"),
                fields.texts("questions"),
                fields.json());
    }

    /// It has ended, in whatever way.
    public boolean ended() {
        return switch (state) {
            case "succeeded", "failed", "cancelled" -> true;
            default -> false;
        };
    }

    /// Nodes of all states.
    public int total() {
        return nodes.values().stream().mapToInt(Integer::intValue).sum();
    }
}
