package dev.formwork.model.module;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

/// A named set of parameter values, laid over others.
public record Profile(String name, String summary, Value.Struct values, Location location) {}
