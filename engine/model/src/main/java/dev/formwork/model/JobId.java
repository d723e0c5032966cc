package dev.formwork.model;

/// Identifies one job, that is one attempt handed to an agent.
///
/// @param value letters, digits and dashes; safe in a path, a URL and a label
public record JobId(String value) implements Comparable<JobId> {
    public JobId {
        Names.requireId(value);
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
