package dev.formwork.bench.fleet;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/// What the heap held right after collections: about what was alive.
final class HeapWatch {
    HeapWatch() {
        System.gc();
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /// Megabytes that were in use after the last collections of each pool; what is dead in the old
    /// generation and not yet collected counts too, so it is an upper bound.
    long mostUsedAfterCollection() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : pools().toList()) {
            var usage = pool.getCollectionUsage();
            bytes += usage == null ? 0 : usage.getUsed();
        }
        return bytes >> 20;
    }

    private static java.util.stream.Stream<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP);
    }
}
