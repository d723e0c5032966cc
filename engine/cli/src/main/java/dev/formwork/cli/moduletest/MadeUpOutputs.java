package dev.formwork.cli.moduletest;

import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Outputs of a task that was not run, of the types that its schemas ask for.
final class MadeUpOutputs {
    private MadeUpOutputs() {}

    static Value.Struct of(Task task, NodeKey key) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        for (OutputSpec spec : task.outputs().values()) {
            Value value = value(spec.schema().fields(), spec.name() + " of " + key);
            outputs.put(spec.name(), spec.secret() ? new Value.Secret(value) : value);
        }
        return Value.of(outputs);
    }

    private static Value value(Map<String, Value> schema, String text) {
        for (String word : List.of("const", "default")) {
            if (schema.containsKey(word)) {
                return schema.get(word);
            }
        }
        for (String word : List.of("enum", "examples")) {
            if (schema.get(word) instanceof Value.Sequence(List<Value> values)
                    && !values.isEmpty()) {
                return values.getFirst();
            }
        }
        return switch (String.valueOf(schema.get("type"))) {
            case "integer" -> schema.getOrDefault("minimum", Value.of(1));
            case "number" -> schema.getOrDefault("minimum", Value.of(1.0));
            case "boolean" -> Value.of(true);
            case "array" -> Value.of(List.of());
            case "object" -> Value.Struct.EMPTY;
            case "null" -> Value.nil();
            default -> Value.of(formatted(String.valueOf(schema.get("format")), text));
        };
    }

    private static String formatted(String format, String text) {
        return switch (format) {
            case "uri", "iri" ->
                    "https://made-up.invalid/"
                            + text.replace(' ', '-').replaceAll("[^A-Za-z0-9-]", "");
            case "ipv4" -> "192.0.2.1";
            case "ipv6" -> "2001:db8::1";
            case "hostname" -> "made-up.invalid";
            case "email" -> "nobody@made-up.invalid";
            case "date-time" -> "2000-01-01T00:00:00Z";
            case "date" -> "2000-01-01";
            case "time" -> "00:00:00Z";
            case "uuid" -> "00000000-0000-4000-8000-000000000000";
            default -> text;
        };
    }
}
