package dev.formwork.cli.document;

import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes values as documents that programs and people read.
public final class Documents {
    private static final String STEP = "  ";

    private Documents() {}

    /// With a line break at its end; keys in the order of the value.
    public static String write(Value value, Format format) {
        return switch (format) {
            case YAML -> yaml(value);
            case JSON, TABLE -> json(value);
        };
    }

    /// Indented JSON.
    public static String json(Value value) {
        StringBuilder text = new StringBuilder();
        json(value, "", text);
        return escaped(text.append('\n'));
    }

    /// JSON may hold control characters above 127, which some terminals obey, and those that turn
    /// the direction of text. They are in strings only, where they have an escape of their own.
    private static String escaped(StringBuilder json) {
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean isHostile =
                    Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            if (isHostile && c != '\n') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    public static String yaml(Value value) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new Yaml(options).dump(plain(value));
    }

    private static void json(Value value, String indent, StringBuilder text) {
        switch (value) {
            case Value.Struct(Map<String, Value> fields) when !fields.isEmpty() -> {
                String separator = "{\n";
                for (Map.Entry<String, Value> field : fields.entrySet()) {
                    text.append(separator).append(indent).append(STEP);
                    text.append(ValueJson.write(Value.of(field.getKey()))).append(": ");
                    json(field.getValue(), indent + STEP, text);
                    separator = ",\n";
                }
                text.append('\n').append(indent).append('}');
            }
            case Value.Sequence(List<Value> items) when !items.isEmpty() -> {
                String separator = "[\n";
                for (Value item : items) {
                    text.append(separator).append(indent).append(STEP);
                    json(item, indent + STEP, text);
                    separator = ",\n";
                }
                text.append('\n').append(indent).append(']');
            }
            case Value.Secret _ -> text.append("\"***\"");
            case Value.Struct _,
                    Value.Sequence _,
                    Value.Text _,
                    Value.Int _,
                    Value.Real _,
                    Value.Bool _,
                    Value.Null _ ->
                    text.append(ValueJson.write(value));
        }
    }

    private static @Nullable Object plain(Value value) {
        return switch (value) {
            case Value.Null _ -> null;
            case Value.Bool(boolean bool) -> bool;
            case Value.Int(long number) -> number;
            case Value.Real(double number) -> number;
            case Value.Text(String text) -> text;
            case Value.Secret _ -> "***";
            case Value.Sequence(List<Value> items) -> {
                List<@Nullable Object> list = new ArrayList<>();
                items.forEach(item -> list.add(plain(item)));
                yield list;
            }
            case Value.Struct(Map<String, Value> fields) -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                fields.forEach((key, field) -> map.put(key, plain(field)));
                yield map;
            }
        };
    }
}
