package dev.formwork.model;

/// Identifies one machine, for ever; a replacement is another machine.
///
/// @param value letters, digits and dashes; safe in a path, a URL and a label
public record MachineId(String value) implements Comparable<MachineId> {
    public MachineId {
        Names.requireId(value);
    }

    @Override
    public int compareTo(MachineId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
