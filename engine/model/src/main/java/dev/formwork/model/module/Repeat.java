package dev.formwork.model.module;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What may happen when it cannot be known whether an attempt took effect.
public enum Repeat {
    /// Run again.
    IDEMPOTENT,
    /// Never run again: stop and ask a person (`formwork resolve`).
    AT_MOST_ONCE,
    /// Run `check` first; where it holds, that was the run.
    VERIFY_FIRST;

    /// As it is written in YAML and JSON: `at-most-once`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Repeat> ofWord(String word) {
        return Arrays.stream(values()).filter(repeat -> repeat.word().equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Repeat::word).toList();
    }
}
