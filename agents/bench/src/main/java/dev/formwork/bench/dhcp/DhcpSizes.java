package dev.formwork.bench.dhcp;

import java.util.List;

/// How much is measured.
///
/// @param rounds of which the median is told
/// @param rates exchanges that are begun in a second, smallest first; none above the first of which
///   more than a fifth is lost
/// @param seconds for which each rate is kept up
/// @param warmUpRate before that, of a server whose code is compiled as it runs
/// @param warmUpSeconds for which it is kept up; 0 for not at all
public record DhcpSizes(
        int rounds, List<Integer> rates, int seconds, int warmUpRate, int warmUpSeconds) {
    public static final DhcpSizes STANDARD =
            new DhcpSizes(
                    3, List.of(500, 1_000, 1_400, 2_000, 2_800, 4_000, 5_600, 8_000), 3, 2_000, 10);

    public static final DhcpSizes QUICK = new DhcpSizes(1, List.of(100, 200), 1, 100, 1);

    public DhcpSizes {
        rates = List.copyOf(rates);
    }
}
