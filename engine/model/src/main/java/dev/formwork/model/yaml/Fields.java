package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.Names;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A mapping with fixed keys. Opening one reports every key that is unknown or missing.
final class Fields {
    private final Shape shape;
    private final Decoding context;
    private final Map<String, Marked.Entry> entries;
    private final Location at;

    private Fields(Shape shape, Decoding context, Map<String, Marked.Entry> entries, Location at) {
        this.shape = shape;
        this.context = context;
        this.entries = entries;
        this.at = at;
    }

    static Fields open(Marked node, Shape shape, Decoding context) {
        if (!(node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, Location at))) {
            context.wrongType(node, "a mapping");
            return new Fields(shape, context, Map.of(), node.at());
        }
        for (Marked.Entry entry : entries.values()) {
            if (!shape.keys().contains(entry.key())) {
                String key = Names.abbreviate(entry.key());
                String hint = context.didYouMean(entry.key(), shape.keys());
                context.report(entry.at(), "yaml.unknown-key", "unknown key " + key, hint);
            }
        }
        for (String key : shape.required()) {
            if (!entries.containsKey(key)) {
                context.report(at, "yaml.missing-key", "the key " + key + " is missing", null);
            }
        }
        return new Fields(shape, context, entries, at);
    }

    /// As [#open], for a mapping whose keys were looked at already.
    static Fields reopen(Marked node, Shape shape, Decoding context) {
        return node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, Location at)
                ? new Fields(shape, context, entries, at)
                : new Fields(shape, context, Map.of(), node.at());
    }

    /// For a mapping that is missing, which was reported already.
    static Fields empty(Marked instead, Shape shape, Decoding context) {
        return new Fields(shape, context, Map.of(), instead.at());
    }

    Location at() {
        return at;
    }

    /// What a task says for the runner `key` alone, under that key; reported where the task has
    /// another runner.
    ///
    /// @param code `module.KEY-unused`
    /// @param does what that other runner does not: `runs no playbook`
    Optional<Marked> ofRunner(String key, String runner, String code, String does) {
        Optional<Marked> node = find(key);
        if (node.isPresent() && !runner.equals(key)) {
            context.report(
                    node.get().at(),
                    code,
                    "the runner %s %s".formatted(Names.abbreviate(runner), does),
                    "add runner: " + key);
        }
        return node;
    }

    Optional<Marked> find(String key) {
        if (!shape.keys().contains(key)) {
            throw new IllegalArgumentException(shape + " has no key " + key);
        }
        return Optional.ofNullable(entries.get(key)).map(Marked.Entry::value);
    }

    /// Whether a mapping of this shape can have the key at all.
    boolean knows(String key) {
        return shape.keys().contains(key);
    }

    boolean has(String key) {
        return find(key).isPresent();
    }

    <T> Optional<T> map(String key, Function<Marked, T> decode) {
        return find(key).map(decode);
    }

    String text(String key) {
        return find(key).map(context::text).orElse("");
    }

    String name(String key, Decoding.NameRule rule) {
        return find(key).map(node -> context.name(node, rule)).orElse("");
    }
}
