package dev.formwork.workflow.schema;

import dev.formwork.model.value.Value;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/// Values as the validator wants them, secrets in the clear.
final class JsonValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonValues() {}

    static JsonNode toJson(Value value) {
        return switch (value) {
            case Value.Null _ -> NODES.nullNode();
            case Value.Bool(boolean bool) -> NODES.booleanNode(bool);
            case Value.Int(long number) -> NODES.numberNode(number);
            case Value.Real(double number) -> NODES.numberNode(number);
            case Value.Text(String text) -> NODES.stringNode(text);
            case Value.Sequence(List<Value> items) -> {
                ArrayNode array = NODES.arrayNode(items.size());
                items.forEach(item -> array.add(toJson(item)));
                yield array;
            }
            case Value.Struct(Map<String, Value> fields) -> {
                ObjectNode object = NODES.objectNode();
                fields.forEach((name, field) -> object.set(name, toJson(field)));
                yield object;
            }
            case Value.Secret(Value revealed) -> toJson(revealed);
        };
    }

    /// A step of a JSON pointer (RFC 6901).
    static String step(Object name) {
        return "/" + name.toString().replace("~", "~0").replace("/", "~1");
    }
}
