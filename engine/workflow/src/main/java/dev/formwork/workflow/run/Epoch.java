package dev.formwork.workflow.run;

import java.util.Optional;

/// How many times what is stored was restored from a backup. Whoever had it before may have gone
/// on: so every token of an epoch is above all those of the epochs before it.
///
/// @param number from 0
public record Epoch(long number) {
    public static final Epoch FIRST = new Epoch(0);

    /// The setting that holds it.
    public static final String SETTING = "engine.epoch";

    private static final int BITS = 32;

    /// What no token of an earlier epoch reaches, and every token of this one exceeds.
    public long floor() {
        return number << BITS;
    }

    /// As a setting says.
    public static Epoch of(Optional<String> setting) {
        return setting.map(Long::parseLong).map(Epoch::new).orElse(FIRST);
    }

    public Epoch next() {
        return new Epoch(number + 1);
    }

    public boolean isAfter(Epoch other) {
        return number > other.number;
    }
}
