package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A YAML node that knows where it stands. Aliases are expanded and tags are resolved.
sealed interface Marked {
    Location at();

    /// @param value null, boolean, number or text
    /// @param written as it stands in the file, without quotes; for a text the text itself
    record Scalar(Value value, String written, Span span) implements Marked {
        @Override
        public Location at() {
            return span.start();
        }
    }

    record Items(List<Marked> items, Location at) implements Marked {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// In the order written.
    record Mapping(Map<String, Entry> entries, Location at) implements Marked {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /// @param at where the key stands
    record Entry(String key, Location at, Marked value) {}

    /// What to call it in a message.
    default String kind() {
        return switch (this) {
            case Items _ -> "a list";
            case Mapping _ -> "a mapping";
            case Scalar scalar ->
                    switch (scalar.value()) {
                        case Value.Null _ -> "nothing";
                        case Value.Bool _ -> "a boolean";
                        case Value.Int _, Value.Real _ -> "a number";
                        case Value.Text _ -> "a text";
                        case Value.Sequence _, Value.Struct _, Value.Secret _ ->
                                throw new IllegalStateException("not a scalar");
                    };
        };
    }

    /// The plain value, without its places.
    default Value plain() {
        return switch (this) {
            case Scalar scalar -> scalar.value();
            case Items list -> Value.of(list.items().stream().map(Marked::plain).toList());
            case Mapping mapping -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                mapping.entries().forEach((key, entry) -> fields.put(key, entry.value().plain()));
                yield Value.of(fields);
            }
        };
    }
}
