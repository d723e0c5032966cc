package dev.formwork.cli.client;

import dev.formwork.model.value.Value;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pool as the engine answers it.
///
/// @param counts machines by how they stand
/// @param waiting who waits for one, in the order of their turns
public record PoolDocument(
        String name,
        Optional<String> where,
        Optional<String> provider,
        int most,
        int keep,
        int made,
        String clean,
        Map<String, Integer> counts,
        List<MachineOfPool> machines,
        List<Wait> waiting,
        Value.Struct json) {

    /// @param member the name that it bears while a cluster has it
    public record MachineOfPool(
            String name, String state, String reason, Optional<String> member) {}

    public record Wait(
            String run, String cluster, String member, int priority, Optional<Instant> since) {}

    static PoolDocument of(Value answer) {
        Fields fields = Fields.of(answer);
        return new PoolDocument(
                fields.text("name"),
                fields.optional("where"),
                fields.optional("provider"),
                fields.number("most"),
                fields.number("keep"),
                fields.number("made"),
                fields.text("clean"),
                fields.counts("counts"),
                fields.list(
                        "machines",
                        each ->
                                new MachineOfPool(
                                        each.text("name"),
                                        each.text("state"),
                                        each.optional("reason").orElse(""),
                                        each.optional("member"))),
                fields.list(
                        "waiting",
                        each ->
                                new Wait(
                                        each.text("run"),
                                        each.text("cluster"),
                                        each.text("member"),
                                        each.number("priority"),
                                        each.time("since"))),
                fields.json());
    }
}
