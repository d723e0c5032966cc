package dev.formwork.server.provider;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderRecords;
import dev.formwork.workflow.store.RecordSwap;
import dev.formwork.workflow.store.Store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/// The records of one provider, in the engine's store. Thread-safe.
public final class StoreRecords implements ProviderRecords {
    private final Store store;
    private final String provider;

    /// @param provider by whose name they are kept: under another name it has others
    public StoreRecords(Store store, String provider) {
        this.store = store;
        this.provider = provider;
    }

    @Override
    public Optional<String> read(String key) {
        return answered(() -> store.record(provider, key));
    }

    @Override
    public Map<String, String> all() {
        return answered(() -> store.records(provider));
    }

    @Override
    public boolean replace(List<Swap> swaps) {
        if (swaps.stream().map(Swap::key).distinct().count() < swaps.size()) {
            throw new IllegalArgumentException("two changes of one record");
        }
        List<RecordSwap> wanted =
                swaps.stream()
                        .map(swap -> new RecordSwap(swap.key(), swap.expected(), swap.next()))
                        .toList();
        CompletableFuture<Boolean> answer = answered(() -> store.swapRecords(provider, wanted));
        try {
            return answer.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted while the store was written", "ask again under the same token");
        } catch (ExecutionException failed) {
            throw unavailable(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private static <T> T answered(Supplier<T> question) {
        if (Thread.currentThread().isInterrupted()) {
            throw ProviderCode.INTERRUPTED.problem(
                    "the operation was interrupted", "ask again under the same token");
        }
        try {
            return question.get();
        } catch (ProblemException failed) {
            throw unavailable(failed);
        }
    }

    private static ProblemException unavailable(Throwable cause) {
        return ProviderCode.UNAVAILABLE.problem(
                "the engine's store does not answer: " + cause.getMessage(), null, cause);
    }
}
