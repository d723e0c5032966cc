package dev.formwork.model.module;

import dev.formwork.model.Location;

/// One CEL expression as it was written, without its `${{ }}`.
///
/// @param source the text; not yet parsed or checked
/// @param location where it starts, for messages
public record Expression(String source, Location location) {}
