package dev.formwork.store.json;

import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Turn;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.PlannedNode;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The nodes of one plan, a line of JSON each. Where many say the same they are read as one object:
/// a plan over 10,000 machines names each machine and each step very often. Not thread-safe.
final class PlannedNodes {
    private final Map<Object, Object> known = new HashMap<>();
    private final Map<String, NodeKey> keys = new HashMap<>();

    static ObjectNode write(PlannedNode node) {
        ObjectNode json = StoreJson.object();
        json.put("key", node.key().toString());
        json.put("action", node.action().name());
        json.put("decision", node.decision().name());
        json.put("reason", node.reason());
        json.set("effects", Fields.textsOf(node.effects().stream().map(Effect::word).toList()));
        json.set("after", Fields.textsOf(node.after()));
        json.set("after_settled", Fields.textsOf(node.afterSettled()));
        node.module().ifPresent(module -> json.set("module", Records.write(module)));
        node.incarnation().ifPresent(incarnation -> json.put("incarnation", incarnation));
        node.expected().ifPresent(expected -> json.set("expected", Records.write(expected)));
        node.turn()
                .ifPresent(turn ->
                        json.putObject("turn")
                                .put("step", turn.step())
                                .put("max_parallel", turn.maxParallel())
                                .put("max_failures", turn.maxFailures())
                                .put("end", turn.end().toString()));
        return json;
    }

    PlannedNode read(Fields json) {
        Set<Effect> effects =
                json.sorted("effects", word -> word).stream()
                        .map(word -> effect(json, word))
                        .collect(Collectors.toSet());
        Optional<LoadedModule.Lock> module =
                json.maybeObject("module").map(Records::lock).map(this::one);
        return new PlannedNode(
                key(json.text("key")),
                json.constant("action", Action.class),
                json.constant("decision", Decision.class),
                one(json.text("reason")),
                effects,
                json.sorted("after", this::key),
                json.sorted("after_settled", this::key),
                module,
                json.maybeText("incarnation").map(this::one),
                json.maybeObject("expected").map(Records::fingerprint).map(this::one),
                json.maybeObject("turn").map(this::turn));
    }

    private Turn turn(Fields json) {
        return new Turn(
                one(json.text("step")),
                json.number("max_parallel"),
                json.number("max_failures"),
                key(json.text("end")));
    }

    private static Effect effect(Fields json, String word) {
        return Effect.ofWord(word)
                .orElseThrow(
                        () -> StoreJson.damaged(json.place(), "it has an unknown effect: " + word));
    }

    /// What was read before and is equal, else what is given.
    private <T> T one(T given) {
        @SuppressWarnings("unchecked") // Equal things are of one class here.
        T first = (T) known.putIfAbsent(given, given);
        return first == null ? given : first;
    }

    private NodeKey key(String text) {
        return keys.computeIfAbsent(
                text,
                _ -> {
                    NodeKey key = NodeKey.parse(text);
                    return new NodeKey(one(key.path()), one(key.item()), one(key.machine()));
                });
    }
}
