package dev.formwork.provider;

import java.time.Instant;
import java.util.Optional;

/// One entry of a machine's own log.
///
/// @param id what the place calls it; unique in one machine's log at one moment
/// @param at when it happened by the place's own clock, which may be wrong; empty where the clock
///   had not been set
/// @param source what it is about, such as `Power Supply PS1`; may be empty
/// @param message what happened, in the place's words
/// @param health how bad it is
public record HardwareEvent(
        String id,
        Optional<Instant> at,
        String source,
        String message,
        SensorReading.Health health) {}
