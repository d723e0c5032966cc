package dev.formwork.bench.plans;

import java.util.List;

/// How much is measured.
///
/// @param machines two plans each, smallest first
/// @param steps of the chain on each machine; four steps more are made of it
/// @param warmUps plans of the smallest kind that are not counted
public record PlansSizes(List<Integer> machines, int steps, int warmUps) {
    public static final PlansSizes STANDARD = new PlansSizes(List.of(100, 1_000, 10_000), 6, 10);

    public static final PlansSizes QUICK = new PlansSizes(List.of(10, 100), 3, 1);

    public PlansSizes {
        machines = List.copyOf(machines);
    }
}
