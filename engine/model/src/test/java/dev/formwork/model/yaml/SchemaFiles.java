package dev.formwork.model.yaml;

import dev.formwork.model.schema.PublishedSchemas;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The published JSON Schemas. `formwork.schema.json` is written by hand; the one of each kind is
/// cut out of it: run [#main] in engine/model after a change.
final class SchemaFiles {
    private static final String FOLDER = "dev/formwork/model/schema/";
    private static final String REFERENCE = "#/$defs/";

    private SchemaFiles() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of("src/main/resources").resolve(FOLDER);
        Files.writeString(folder.resolve("formwork.schema.json"), pretty(combined()));
        for (String kind : Kinds.ALL) {
            Files.writeString(folder.resolve(file(kind)), pretty(cutOut(kind)));
        }
    }

    static String file(String kind) {
        return name(kind) + ".schema.json";
    }

    /// `BootServer` is published as `boot-server`.
    static String name(String kind) {
        return kind.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    static Value.Struct combined() {
        return (Value.Struct) ValueJson.read(text("formwork.schema.json"));
    }

    static String text(String file) {
        return PublishedSchemas.text(file.replace(".schema.json", ""));
    }

    static Value.Struct definition(String name) {
        return (Value.Struct)
                Objects.requireNonNull(definitions().get(name), () -> "no definition " + name);
    }

    private static Map<String, Value> definitions() {
        return ((Value.Struct) Objects.requireNonNull(combined().fields().get("$defs"))).fields();
    }

    /// The schema of one kind, with the definitions that it reaches.
    static Value.Struct cutOut(String kind) {
        String name = name(kind);
        Map<String, Value> schema = new LinkedHashMap<>();
        schema.put("$schema", Value.of("https://json-schema.org/draft/2020-12/schema"));
        schema.put("$id", Value.of("urn:formwork:schema:" + name));
        schema.put("title", Value.of("Formwork " + kind));
        schema.putAll(definition(name).fields());
        Set<String> reached = new TreeSet<>();
        reach(definition(name), reached);
        Map<String, Value> definitions = new TreeMap<>();
        reached.forEach(each -> definitions.put(each, definition(each)));
        schema.put("$defs", Value.of(definitions));
        return Value.of(schema);
    }

    private static void reach(Value value, Set<String> reached) {
        switch (value) {
            case Value.Text(String text) -> {
                if (text.startsWith(REFERENCE) && reached.add(text.substring(REFERENCE.length()))) {
                    reach(definition(text.substring(REFERENCE.length())), reached);
                }
            }
            case Value.Sequence(List<Value> items) -> items.forEach(item -> reach(item, reached));
            case Value.Struct(Map<String, Value> fields) ->
                    fields.values().forEach(field -> reach(field, reached));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Secret _ -> {}
        }
    }

    static String pretty(Value value) {
        return pretty(value, "") + "\n";
    }

    private static String pretty(Value value, String indent) {
        String flat = ValueJson.write(value).replace("\":", "\": ").replace("\",\"", "\", \"");
        String deeper = indent + "  ";
        return switch (value) {
            case Value.Sequence(List<Value> items)
                    when items.stream().anyMatch(i -> i instanceof Value.Struct) ->
                    items.stream()
                            .map(item -> deeper + pretty(item, deeper))
                            .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
            case Value.Struct(Map<String, Value> fields) when !fields.isEmpty() ->
                    fields.entrySet().stream()
                            .map(field ->
                                    deeper
                                            + ValueJson.write(Value.of(field.getKey()))
                                            + ": "
                                            + pretty(field.getValue(), deeper))
                            .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
            case Value.Sequence _ -> flat;
            case Value.Null _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _,
                    Value.Text _,
                    Value.Struct _,
                    Value.Secret _ ->
                    ValueJson.write(value);
        };
    }
}
