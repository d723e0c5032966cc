package dev.formwork.cli.client;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// Reads the fields of an answer: the one place where untyped JSON becomes typed. What is not known
/// is ignored, what is missing is `cli.bad-answer`.
record Fields(Value.Struct json) {
    static Fields of(Value value) {
        if (value instanceof Value.Struct json) {
            return new Fields(json);
        }
        throw bad("an object is missing");
    }

    String text(String key) {
        return optional(key).orElseThrow(() -> bad(key + " is missing"));
    }

    Optional<String> optional(String key) {
        return switch (json.fields().get(key)) {
            case Value.Text(String text) -> Optional.of(text);
            case null, default -> Optional.empty();
        };
    }

    int number(String key) {
        return json.fields().get(key) instanceof Value.Int(long number)
                ? Math.toIntExact(number)
                : 0;
    }

    boolean flag(String key) {
        return json.fields().get(key) instanceof Value.Bool(boolean flag) && flag;
    }

    Optional<Instant> time(String key) {
        try {
            return optional(key).map(Instant::parse);
        } catch (DateTimeParseException _) {
            throw bad(key + " is not a time");
        }
    }

    Value.Struct struct(String key) {
        return json.fields().get(key) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
    }

    Optional<Fields> fields(String key) {
        return json.fields().get(key) instanceof Value.Struct struct
                ? Optional.of(new Fields(struct))
                : Optional.empty();
    }

    List<String> texts(String key) {
        return items(key).stream()
                .map(item -> item instanceof Value.Text(String text) ? text : item.toString())
                .toList();
    }

    <T> List<T> list(String key, Function<Fields, T> read) {
        return items(key).stream().map(item -> read.apply(Fields.of(item))).toList();
    }

    Map<String, Integer> counts(String key) {
        Map<String, Integer> counts = new TreeMap<>();
        struct(key)
                .fields()
                .forEach((name, value) -> {
                    if (value instanceof Value.Int(long number)) {
                        counts.put(name, Math.toIntExact(number));
                    }
                });
        return counts;
    }

    private List<Value> items(String key) {
        return json.fields().get(key) instanceof Value.Sequence(List<Value> items)
                ? items
                : List.of();
    }

    private static ProblemException bad(String detail) {
        return ProblemException.of(
                "cli.bad-answer",
                "the engine's answer cannot be read: " + detail,
                "are this program and the engine of one version? `formwork status -v` shows both");
    }
}
