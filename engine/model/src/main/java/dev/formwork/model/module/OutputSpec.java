package dev.formwork.model.module;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

/// One typed output.
///
/// @param schema JSON Schema 2020-12 of the value, without Formwork's own keywords
/// @param secret the value is kept encrypted and never shown
public record OutputSpec(String name, Value.Struct schema, boolean secret, Location location) {}
