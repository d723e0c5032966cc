package dev.formwork.bench.boot;

import java.util.List;

/// How much is measured.
///
/// @param systems that take turns
/// @param rounds of which the median is told
/// @param megabytes of each machine's memory
public record BootSizes(List<String> systems, int rounds, int megabytes) {
    public static final BootSizes STANDARD =
            new BootSizes(List.of(Systems.BARE, Systems.CONTAINER_OS), 3, 512);

    public static final BootSizes QUICK =
            new BootSizes(List.of(Systems.BARE, Systems.CONTAINER_OS), 1, 512);

    public BootSizes {
        systems = List.copyOf(systems);
    }
}
