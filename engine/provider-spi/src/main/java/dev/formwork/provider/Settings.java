package dev.formwork.provider;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Reads a provider's configuration, or a group's `spec`, into typed values, and collects all that
/// is wrong with it. Reading a key makes it known; [#finish] refuses every key that was not read,
/// with the nearest known one as the hint.
///
/// Not thread-safe.
public final class Settings {
    private final Value.Struct struct;
    private final ProviderCode invalid;
    private final String what;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Problem> problems;
    private final List<Settings> parts = new ArrayList<>();

    private Settings(
            Value.Struct struct, ProviderCode invalid, String what, List<Problem> problems) {
        this.struct = struct;
        this.invalid = invalid;
        this.what = what;
        this.problems = problems;
    }

    /// The configuration of a provider; what is wrong is `provider.invalid-config`.
    public static Settings config(ProviderContext context) {
        return new Settings(
                context.config(),
                ProviderCode.INVALID_CONFIG,
                "the configuration of provider " + context.name(),
                new ArrayList<>());
    }

    /// A group's settings for a provider; what is wrong is `provider.invalid-spec`.
    public static Settings spec(String provider, Value.Struct spec) {
        return new Settings(
                spec,
                ProviderCode.INVALID_SPEC,
                "the spec for provider " + provider,
                new ArrayList<>());
    }

    /// A text that is not blank, if the key is there.
    public Optional<String> text(String key) {
        known.add(key);
        return switch (struct.fields().get(key)) {
            case null -> Optional.empty();
            case Value.Null _ -> Optional.empty();
            case Value.Text(String text) when !text.isBlank() -> Optional.of(text);
            case Value.Text _, Value.Bool _, Value.Int _, Value.Real _ -> wrong(key, "a text");
            case Value.Sequence _, Value.Struct _, Value.Secret _ -> wrong(key, "a text");
        };
    }

    /// A list of texts, none of them blank; `fallback` where the key is not there.
    public List<String> texts(String key, List<String> fallback) {
        known.add(key);
        List<String> found = new ArrayList<>();
        switch (struct.fields().get(key)) {
            case null -> found.addAll(fallback);
            case Value.Null _ -> found.addAll(fallback);
            case Value.Sequence(List<Value> items) -> {
                for (Value item : items) {
                    if (item instanceof Value.Text(String text) && !text.isBlank()) {
                        found.add(text);
                    } else {
                        wrong(key, "a list of texts");
                    }
                }
            }
            case Value.Text _, Value.Bool _, Value.Int _, Value.Real _ ->
                    wrong(key, "a list of texts");
            case Value.Struct _, Value.Secret _ -> wrong(key, "a list of texts");
        }
        return List.copyOf(found);
    }

    /// A list of structs, each to be read like the whole; what is wrong with one is told with the
    /// rest, by the [#finish] of the whole.
    public List<Settings> parts(String key) {
        known.add(key);
        List<Settings> found = new ArrayList<>();
        switch (struct.fields().get(key)) {
            case null -> {}
            case Value.Null _ -> {}
            case Value.Sequence(List<Value> items) -> found.addAll(items(key, what, items));
            case Value.Text _, Value.Bool _, Value.Int _, Value.Real _ ->
                    wrong(key, "a list of structs");
            case Value.Struct _, Value.Secret _ -> wrong(key, "a list of structs");
        }
        return List.copyOf(found);
    }

    /// The same for a list that is kept elsewhere, such as in a file that the configuration names.
    ///
    /// @param key by which it is there, for messages
    /// @param where that is, for messages
    public List<Settings> parts(String key, String where, List<Value> items) {
        return items(key, where, items);
    }

    private List<Settings> items(String key, String where, List<Value> items) {
        List<Settings> found = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String name = "%s[%d] of %s".formatted(key, i, where);
            if (items.get(i) instanceof Value.Struct part) {
                found.add(new Settings(part, invalid, name, problems));
            } else {
                problems.add(Problem.of(invalid.code(), name + ": not a struct", "give a struct"));
            }
        }
        parts.addAll(found);
        return found;
    }

    /// A text that has been resolved from a secret. One that is written in the open is refused.
    public Optional<String> secret(String key) {
        known.add(key);
        return switch (struct.fields().get(key)) {
            case null -> Optional.empty();
            case Value.Null _ -> Optional.empty();
            case Value.Secret(Value.Text(String text)) when !text.isBlank() -> Optional.of(text);
            case Value.Text _, Value.Bool _, Value.Int _, Value.Real _, Value.Sequence _ ->
                    wrong(key, "a secret");
            case Value.Struct _, Value.Secret _ -> wrong(key, "a secret");
        };
    }

    /// Whether the key has a struct, for one that takes something shorter too.
    public boolean hasPart(String key) {
        known.add(key);
        return struct.fields().get(key) instanceof Value.Struct;
    }

    /// A struct, to be read like the whole, if the key is there; what is wrong with it is told with
    /// the rest, by the [#finish] of the whole.
    public Optional<Settings> part(String key) {
        known.add(key);
        return switch (struct.fields().get(key)) {
            case null -> Optional.empty();
            case Value.Null _ -> Optional.empty();
            case Value.Struct part -> {
                Settings found = new Settings(part, invalid, key + " of " + what, problems);
                parts.add(found);
                yield Optional.of(found);
            }
            case Value.Text _, Value.Bool _, Value.Int _, Value.Real _ -> notAPart(key);
            case Value.Sequence _, Value.Secret _ -> notAPart(key);
        };
    }

    /// Keys of the user's own choice, each with a text, a number or a truth value, as text.
    public Map<String, String> labels(String key) {
        known.add(key);
        Map<String, String> found = new TreeMap<>();
        switch (struct.fields().get(key)) {
            case null -> {}
            case Value.Null _ -> {}
            case Value.Struct(Map<String, Value> fields) ->
                    fields.forEach((name, value) -> {
                        switch (value) {
                            case Value.Text _, Value.Bool _, Value.Int _, Value.Real _ ->
                                    found.put(name, value.toString());
                            case Value.Null _, Value.Sequence _, Value.Struct _, Value.Secret _ ->
                                    wrong(key, "a struct of texts");
                        }
                    });
            case Value.Text _, Value.Bool _, Value.Int _, Value.Real _ ->
                    wrong(key, "a struct of texts");
            case Value.Sequence _, Value.Secret _ -> wrong(key, "a struct of texts");
        }
        return Map.copyOf(found);
    }

    /// A whole number from `least` to `most`, or `fallback` where the key is not there.
    public long integer(String key, long fallback, long least, long most) {
        known.add(key);
        return switch (struct.fields().get(key)) {
            case null -> fallback;
            case Value.Null _ -> fallback;
            case Value.Int(long number) when number >= least && number <= most -> number;
            case Value.Int _, Value.Bool _, Value.Real _, Value.Text _, Value.Sequence _ ->
                    wrong(key, "a whole number from %d to %d".formatted(least, most), fallback);
            case Value.Struct _, Value.Secret _ ->
                    wrong(key, "a whole number from %d to %d".formatted(least, most), fallback);
        };
    }

    /// A truth value, if the key is there.
    public Optional<Boolean> flag(String key) {
        known.add(key);
        return switch (struct.fields().get(key)) {
            case null -> Optional.empty();
            case Value.Null _ -> Optional.empty();
            case Value.Bool(boolean flag) -> Optional.of(flag);
            case Value.Text _, Value.Int _, Value.Real _ -> notAFlag(key);
            case Value.Sequence _, Value.Struct _, Value.Secret _ -> notAFlag(key);
        };
    }

    /// Says that a value, though of the right type, will not do.
    public void refuse(String key, String detail, String hint) {
        problems.add(Problem.of(invalid.code(), "%s in %s: %s".formatted(key, what, detail), hint));
    }

    /// Ends the reading.
    ///
    /// @throws ProblemException with everything that was found wrong, unknown keys too
    public void finish() {
        refuseUnknown();
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private void refuseUnknown() {
        parts.forEach(Settings::refuseUnknown);
        for (String key : struct.fields().keySet()) {
            if (!known.contains(key)) {
                problems.add(
                        Problem.of(
                                invalid.code(),
                                "unknown key %s in %s".formatted(Names.abbreviate(key), what),
                                Names.nearest(key, known)
                                        .map("did you mean %s?"::formatted)
                                        .orElse(knownKeys())));
            }
        }
    }

    private String knownKeys() {
        return known.isEmpty() ? "it takes no keys" : "known are " + String.join(", ", known);
    }

    private Optional<Boolean> notAFlag(String key) {
        wrong(key, "true or false");
        return Optional.empty();
    }

    private Optional<Settings> notAPart(String key) {
        wrong(key, "a struct");
        return Optional.empty();
    }

    private Optional<String> wrong(String key, String wanted) {
        refuse(key, "not " + wanted, "give " + wanted);
        return Optional.empty();
    }

    private long wrong(String key, String wanted, long fallback) {
        refuse(key, "not " + wanted, "give " + wanted);
        return fallback;
    }
}
