package dev.formwork.model;

/// Identifies one run.
///
/// @param value letters, digits and dashes; safe in a path, a URL and a label
public record RunId(String value) implements Comparable<RunId> {
    public RunId {
        Names.requireId(value);
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
