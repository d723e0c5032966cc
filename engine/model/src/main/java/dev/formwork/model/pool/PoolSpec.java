package dev.formwork.model.pool;

import dev.formwork.model.Location;
import dev.formwork.model.module.Expression;
import dev.formwork.model.value.Value;

import java.util.Locale;
import java.util.Optional;

/// Machines that clusters may take, and what is done with them when they come back.
///
/// @param name a DNS label
/// @param where which machines belong to it that the engine knows and that are in no cluster: CEL
///   over `machine`; empty for a pool of machines that it makes itself
/// @param make how it makes one where none is free
public record PoolSpec(
        String name,
        Optional<Expression> where,
        Optional<Make> make,
        Clean clean,
        Location location) {

    /// @param machine what the provider is asked for, in its own words
    /// @param most how many machines of its own the pool has at a time
    public record Make(String provider, Value.Struct machine, int most) {}

    /// What is done with a machine that comes back, before another cluster gets it.
    public enum Clean {
        /// Nothing: the undo of what ran on it is enough.
        NOTHING,
        /// Its provider switches it off; it is switched on for whoever takes it next.
        POWER_OFF,
        /// Its provider removes it. Only of machines that a provider made.
        DELETE;

        /// As it is written: `power-off`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
