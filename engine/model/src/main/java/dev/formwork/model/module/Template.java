package dev.formwork.model.module;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A YAML value in which `${{ }}` may stand. A string that is nothing but one `${{ }}` keeps the
/// expression's type; anything around it makes it text.
public sealed interface Template {
    Location location();

    record Constant(Value value, Location location) implements Template {}

    record Computed(Expression expression) implements Template {
        @Override
        public Location location() {
            return expression.location();
        }
    }

    /// Text with expressions in it; each is turned into text (strings raw, numbers and booleans as
    /// JSON writes them, anything else refused with `expression.not-text`).
    record Mixed(List<Part> parts, Location location) implements Template {
        public Mixed {
            parts = List.copyOf(parts);
        }
    }

    record Items(List<Template> items, Location location) implements Template {
        public Items {
            items = List.copyOf(items);
        }
    }

    record Fields(Map<String, Template> fields, Location location) implements Template {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /// A piece of a [Mixed].
    sealed interface Part {
        record Literal(String text) implements Part {}

        record Inserted(Expression expression) implements Part {}
    }

    /// Every expression inside, in the order written.
    default Stream<Expression> expressions() {
        return switch (this) {
            case Constant _ -> Stream.empty();
            case Computed(Expression expression) -> Stream.of(expression);
            case Mixed(List<Part> parts, _) ->
                    parts.stream()
                            .flatMap(part ->
                                    switch (part) {
                                        case Part.Literal _ -> Stream.<Expression>empty();
                                        case Part.Inserted(Expression expression) ->
                                                Stream.of(expression);
                                    });
            case Items(List<Template> items, _) -> items.stream().flatMap(Template::expressions);
            case Fields(Map<String, Template> fields, _) ->
                    fields.values().stream().flatMap(Template::expressions);
        };
    }
}
