package dev.formwork.bench.fleet;

import java.util.List;

/// How much is measured.
///
/// @param machines a run each, smallest first
/// @param steps that each machine takes, one after the other
/// @param warmUps runs of the smallest kind that are not counted
/// @param agents that speak HTTP with an engine of its own process
public record FleetSizes(List<Integer> machines, int steps, int warmUps, int agents) {
    public static final FleetSizes STANDARD =
            new FleetSizes(List.of(100, 1_000, 10_000), 20, 5, 1_000);

    public static final FleetSizes QUICK = new FleetSizes(List.of(10, 100), 5, 0, 20);

    public FleetSizes {
        machines = List.copyOf(machines);
    }
}
