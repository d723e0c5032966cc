package dev.formwork.model;

/// Identifies one installation of the engine: what its machines are tagged with.
///
/// @param value letters, digits and dashes; safe in a path, a URL and a label
public record EngineId(String value) implements Comparable<EngineId> {
    public EngineId {
        Names.requireId(value);
    }

    @Override
    public int compareTo(EngineId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
