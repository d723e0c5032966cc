package dev.formwork.server.api;

import dev.formwork.model.value.Value;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads plain JSON as a [Value]; nothing in it is a secret yet.
final class ValueReader extends StdDeserializer<Value> {
    ValueReader() {
        super(Value.class);
    }

    @Override
    public Value deserialize(JsonParser json, DeserializationContext context) {
        return read(json, context);
    }

    @Override
    public Value getNullValue(DeserializationContext context) {
        return Value.nil();
    }

    private static Value read(JsonParser json, DeserializationContext context) {
        JsonToken token = json.currentToken();
        return switch (token) {
            case VALUE_NULL -> Value.nil();
            case VALUE_TRUE -> Value.of(true);
            case VALUE_FALSE -> Value.of(false);
            case VALUE_NUMBER_INT -> Value.of(json.getLongValue());
            case VALUE_NUMBER_FLOAT -> Value.of(json.getDoubleValue());
            case VALUE_STRING -> Value.of(json.getString());
            case START_ARRAY -> {
                List<Value> items = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(json, context));
                }
                yield Value.of(items);
            }
            case START_OBJECT -> struct(json, context);
            default -> (Value) context.handleUnexpectedToken(Value.class, json);
        };
    }

    private static Value.Struct struct(JsonParser json, DeserializationContext context) {
        Map<String, Value> fields = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            fields.put(name, read(json, context));
        }
        return Value.of(fields);
    }

    /// Where an object is asked for.
    static final class OfStruct extends StdDeserializer<Value.Struct> {
        OfStruct() {
            super(Value.Struct.class);
        }

        @Override
        public Value.Struct deserialize(JsonParser json, DeserializationContext context) {
            return json.currentToken() == JsonToken.START_OBJECT
                    ? struct(json, context)
                    : (Value.Struct) context.handleUnexpectedToken(Value.Struct.class, json);
        }
    }
}
