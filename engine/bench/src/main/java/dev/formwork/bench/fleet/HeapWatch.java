package dev.formwork.bench.fleet;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.stream.Stream;

/// What the heap held right after collections: about what was alive.
final class HeapWatch {
    HeapWatch() {
        // What earlier runs have left must not count.
        System.gc();
    }

    /// Megabytes that were in use after the last collections of each pool; what is dead in the old
    /// generation and not yet collected counts too, so it is an upper bound.
    long usedAfterCollection() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : pools().toList()) {
            var usage = pool.getCollectionUsage();
            bytes += usage == null ? 0 : usage.getUsed();
        }
        return bytes >> 20;
    }

    private static Stream<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP);
    }
}
