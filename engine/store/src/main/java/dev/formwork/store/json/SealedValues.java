package dev.formwork.store.json;

import dev.formwork.model.value.Value;
import dev.formwork.store.secret.SecretSealer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values as JSON, with each secret sealed where it stands: `{"$sealed": "fw1..."}`. A key that
/// begins with `$` gets another one, so that no fact can pass for a secret.
///
/// @param sealer opens only what it sealed for the same place
record SealedValues(SecretSealer sealer) {
    private static final String SEALED = "$sealed";

    /// @param place the record and field, such as `results/demo/ca@engine/outputs`
    ObjectNode write(Value.Struct struct, String place) {
        ObjectNode object = StoreJson.object();
        struct.fields()
                .forEach((key, value) -> object.set(escaped(key), write(value, place + "/" + key)));
        return object;
    }

    Value.Struct readStruct(JsonNode json, String place) {
        if (!json.isObject()) {
            throw StoreJson.damaged(place, "it is no object");
        }
        Map<String, Value> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String key = unescaped(entry.getKey());
            fields.put(key, read(entry.getValue(), place + "/" + key));
        }
        return new Value.Struct(fields);
    }

    JsonNode write(Value value, String place) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case Value.Null _ -> nodes.nullNode();
            case Value.Bool(boolean bool) -> nodes.booleanNode(bool);
            case Value.Int(long number) -> nodes.numberNode(number);
            case Value.Real(double number) -> nodes.numberNode(number);
            case Value.Text(String text) -> nodes.stringNode(text);
            case Value.Sequence(List<Value> items) -> {
                ArrayNode array = StoreJson.array();
                for (int i = 0; i < items.size(); i++) {
                    array.add(write(items.get(i), place + "/" + i));
                }
                yield array;
            }
            case Value.Struct struct -> write(struct, place);
            case Value.Secret(Value revealed) ->
                    StoreJson.object()
                            .put(SEALED, seal(StoreJson.write(write(revealed, place)), place));
        };
    }

    Value read(JsonNode json, String place) {
        return switch (json.getNodeType()) {
            case NULL, MISSING -> Value.nil();
            case BOOLEAN -> Value.of(json.booleanValue());
            case NUMBER ->
                    json.isIntegralNumber()
                            ? Value.of(json.longValue())
                            : Value.of(json.doubleValue());
            case STRING -> Value.of(json.stringValue());
            case ARRAY -> {
                List<Value> items = new ArrayList<>();
                for (int i = 0; i < json.size(); i++) {
                    items.add(read(json.get(i), place + "/" + i));
                }
                yield Value.of(items);
            }
            case OBJECT -> {
                JsonNode sealed = json.get(SEALED);
                yield sealed == null
                        ? readStruct(json, place)
                        : new Value.Secret(
                                read(
                                        StoreJson.readAny(open(sealed.stringValue(), place), place),
                                        place));
            }
            case BINARY, POJO -> throw StoreJson.damaged(place, "it is no JSON value");
        };
    }

    String seal(String plain, String place) {
        return sealer.seal(plain.getBytes(StandardCharsets.UTF_8), place);
    }

    String open(String sealed, String place) {
        return new String(sealer.open(sealed, place), StandardCharsets.UTF_8);
    }

    private static String escaped(String key) {
        return key.startsWith("$") ? "$" + key : key;
    }

    private static String unescaped(String key) {
        return key.startsWith("$$") ? key.substring(1) : key;
    }
}
