package dev.formwork.server.api;

import dev.formwork.model.value.Value;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

import java.util.List;
import java.util.Map;

/// Writes a [Value] as plain JSON. There is no way to have it write what a secret holds.
final class ValueWriter extends StdSerializer<Value> {
    ValueWriter() {
        super(Value.class);
    }

    @Override
    public void serialize(Value value, JsonGenerator json, SerializationContext context) {
        write(value, json);
    }

    private static void write(Value value, JsonGenerator json) {
        switch (value) {
            case Value.Null _ -> json.writeNull();
            case Value.Bool(boolean bool) -> json.writeBoolean(bool);
            case Value.Int(long number) -> json.writeNumber(number);
            case Value.Real(double number) -> json.writeNumber(number);
            case Value.Text(String text) -> json.writeString(text);
            case Value.Sequence(List<Value> items) -> {
                json.writeStartArray();
                items.forEach(item -> write(item, json));
                json.writeEndArray();
            }
            case Value.Struct(Map<String, Value> fields) -> {
                json.writeStartObject();
                fields.forEach((name, field) -> {
                    json.writeName(name);
                    write(field, json);
                });
                json.writeEndObject();
            }
            case Value.Secret secret -> json.writeString(secret.toString());
        }
    }
}
