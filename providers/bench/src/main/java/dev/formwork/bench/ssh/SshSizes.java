package dev.formwork.bench.ssh;

import java.util.List;

/// How much is measured.
///
/// @param parallel hosts that are worked on at once, by everybody
public record SshSizes(List<Fleet> fleets, int parallel) {
    public static final SshSizes STANDARD =
            new SshSizes(List.of(new Fleet(50, 3), new Fleet(500, 1)), 50);

    public static final SshSizes QUICK = new SshSizes(List.of(new Fleet(3, 1)), 2);

    /// @param hosts at most 5,000
    /// @param rounds of which the median is told
    public record Fleet(int hosts, int rounds) {}

    public SshSizes {
        fleets = List.copyOf(fleets);
    }
}
