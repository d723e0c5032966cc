package dev.formwork.bench.lifecycle;

/// How much is measured.
///
/// @param machines that are made and released in each round
/// @param rounds of which the median is told; each has a new engine
public record LifecycleSizes(int machines, int rounds) {
    public static final LifecycleSizes STANDARD = new LifecycleSizes(1_000, 5);

    public static final LifecycleSizes QUICK = new LifecycleSizes(20, 1);

    public LifecycleSizes withMachines(int other) {
        return new LifecycleSizes(other, rounds);
    }
}
