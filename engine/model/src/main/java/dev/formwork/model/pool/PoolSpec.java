package dev.formwork.model.pool;

import dev.formwork.model.Location;
import dev.formwork.model.module.Expression;
import dev.formwork.model.value.Value;

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
    /// @param keep how many of these are there, or on their way, that nobody has: made before
    ///   anybody asks
    public record Make(String provider, Value.Struct machine, int most, int keep) {}

    /// What is done with a machine that comes back, before another cluster gets it.
    public sealed interface Clean {
        /// Nothing: the undo of what ran on it is enough.
        record Nothing() implements Clean {}

        /// Its provider switches it off; it is switched on for whoever takes it next.
        record PowerOff() implements Clean {}

        /// Its provider removes it. Only of machines that a provider made.
        record Delete() implements Clean {}

        /// A module runs on it, such as one that wipes its disks.
        record Run(String module) implements Clean {}

        /// As people read it: `power-off`, `run metal/wipe`.
        default String words() {
            return switch (this) {
                case Nothing() -> "nothing";
                case PowerOff() -> "power-off";
                case Delete() -> "delete";
                case Run(String module) -> "run " + module;
            };
        }
    }
}
