package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What came of a replay, as the engine answers it.
///
/// @param entries how many things the run was told
/// @param differences in the order in which they came about
public record ReplayDocument(
        String run, boolean equal, int entries, List<Difference> differences, Value.Struct json) {
    public ReplayDocument {
        differences = List.copyOf(differences);
    }

    /// @param of a node, or the run
    /// @param after what the run was told at that time
    public record Difference(
            String of, String recorded, String replayed, Optional<Instant> at, String after) {}

    static ReplayDocument of(Value answer) {
        Fields fields = Fields.of(answer);
        return new ReplayDocument(
                fields.text("run"),
                fields.flag("equal"),
                fields.number("entries"),
                fields.list(
                        "differences",
                        each ->
                                new Difference(
                                        each.text("of"),
                                        each.text("recorded"),
                                        each.text("replayed"),
                                        each.time("at"),
                                        each.text("after"))),
                fields.json());
    }
}
