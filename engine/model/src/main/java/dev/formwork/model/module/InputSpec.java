package dev.formwork.model.module;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

import java.util.Optional;

/// One typed input.
///
/// @param schema JSON Schema 2020-12 of the value, without Formwork's own keywords
/// @param standard the value when nothing is given; without one the input is required
/// @param secret the value is kept encrypted and never shown
/// @param ignoreOnChange `on_change: ignore`: matters at the first start only, so that another
///   value reruns nothing
public record InputSpec(
        String name,
        Value.Struct schema,
        Optional<Value> standard,
        boolean secret,
        boolean ignoreOnChange,
        Location location) {}
