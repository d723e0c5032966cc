package dev.formwork.provider;

import java.util.OptionalDouble;

/// What one sensor says.
///
/// @param name what the place calls it, such as `Inlet Temp`
/// @param value in `unit`; empty where it has none at this moment, or measures nothing but a state
/// @param unit as people write it: `°C`, `RPM`, `V`, `W`, `A`, `%`; empty where there is none
/// @param health what the place makes of it
/// @param state in the place's own words, such as `Presence detected`; may be empty
public record SensorReading(
        String name, OptionalDouble value, String unit, Health health, String state) {

    /// How bad it is.
    public enum Health {
        OK,
        /// Outside of what is normal, and nothing breaks yet.
        WARNING,
        /// Something is broken, or soon will be.
        CRITICAL,
        /// The place does not say.
        UNKNOWN
    }
}
