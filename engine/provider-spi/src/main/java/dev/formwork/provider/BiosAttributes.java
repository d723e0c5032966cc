package dev.formwork.provider;

import dev.formwork.model.value.Value;

import java.util.Map;

/// What a machine's BIOS is set to.
///
/// @param current by the maker's own names: texts, numbers and truth values
/// @param pending those that will be otherwise from the next reset on
public record BiosAttributes(Map<String, Value> current, Map<String, Value> pending) {
    public BiosAttributes {
        current = Map.copyOf(current);
        pending = Map.copyOf(pending);
    }
}
