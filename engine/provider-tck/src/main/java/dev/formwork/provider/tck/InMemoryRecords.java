package dev.formwork.provider.tck;

import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderRecords;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Records that live as long as the test: those of one provider of one engine. Thread-safe.
public final class InMemoryRecords implements ProviderRecords {
    private final Map<String, String> records = new TreeMap<>();

    @Override
    public synchronized Optional<String> read(String key) {
        unlessInterrupted();
        return Optional.ofNullable(records.get(key));
    }

    @Override
    public synchronized Map<String, String> all() {
        unlessInterrupted();
        return Map.copyOf(records);
    }

    @Override
    public synchronized boolean replace(List<Swap> swaps) {
        unlessInterrupted();
        Set<String> keys = new HashSet<>();
        for (Swap swap : swaps) {
            if (!keys.add(swap.key())) {
                throw new IllegalArgumentException("twice the key " + swap.key());
            }
        }
        for (Swap swap : swaps) {
            if (!Optional.ofNullable(records.get(swap.key())).equals(swap.expected())) {
                return false;
            }
        }
        for (Swap swap : swaps) {
            swap.next()
                    .ifPresentOrElse(
                            text -> records.put(swap.key(), text),
                            () -> records.remove(swap.key()));
        }
        return true;
    }

    private static void unlessInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw ProviderCode.INTERRUPTED.problem("the operation was interrupted", null);
        }
    }
}
