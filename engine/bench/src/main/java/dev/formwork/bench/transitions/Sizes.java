package dev.formwork.bench.transitions;

import java.time.Duration;
import java.util.List;

/// How much is measured.
///
/// @param warmUps rounds of everything that are not counted
/// @param rounds of which the median is told
/// @param round how long a round of the store, and of the bare rows, lasts
/// @param outstanding how many transitions are on their way at a time: a measurement each
/// @param nodes of the generated plans: a measurement each; multiples of `agents`
/// @param agents simulated, each with an equal part of the nodes one after the other
/// @param chains how many chains of empty steps run at the same time, beside DBOS: a measurement
///   each
/// @param links steps of each of these
/// @param chain steps of the run on a real agent
/// @param repeats how many such runs are counted; one more warms up
public record Sizes(
        int warmUps,
        int rounds,
        Duration round,
        List<Integer> outstanding,
        List<Integer> nodes,
        int agents,
        List<Integer> chains,
        int links,
        int chain,
        int repeats) {
    public static final Sizes STANDARD =
            new Sizes(
                    2,
                    7,
                    Duration.ofSeconds(1),
                    List.of(1, 16, 64, 256),
                    List.of(1000, 5000),
                    50,
                    List.of(1, 64, 256),
                    40,
                    50,
                    5);

    public static final Sizes QUICK =
            new Sizes(
                    0,
                    1,
                    Duration.ofMillis(200),
                    List.of(1, 16, 64, 256),
                    List.of(100, 500),
                    50,
                    List.of(1, 64),
                    5,
                    10,
                    1);

    public Sizes {
        outstanding = List.copyOf(outstanding);
        nodes = List.copyOf(nodes);
        chains = List.copyOf(chains);
    }
}
