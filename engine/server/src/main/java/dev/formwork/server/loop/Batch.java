package dev.formwork.server.loop;

import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.store.Change;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Transitions that are stored together, and what is to happen once they are.
final class Batch {
    private final List<Change> changes = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    private final List<Delivery<?>> deliveries = new ArrayList<>();
    private CompletableFuture<Void> stored = CompletableFuture.completedFuture(null);

    void add(List<Change> more, List<Effect> asked) {
        changes.addAll(more);
        effects.addAll(asked);
    }

    <T> void answer(CompletableFuture<T> caller, T answer) {
        deliveries.add(new Delivery<>(caller, answer));
    }

    boolean isEmpty() {
        return changes.isEmpty() && effects.isEmpty() && deliveries.isEmpty();
    }

    List<Change> changes() {
        return List.copyOf(changes);
    }

    List<Effect> effects() {
        return effects;
    }

    List<Delivery<?>> deliveries() {
        return deliveries;
    }

    void storedBy(CompletableFuture<Void> commit) {
        stored = commit;
    }

    CompletableFuture<Void> stored() {
        return stored;
    }

    /// An answer that waits for its transition to be durable.
    record Delivery<T>(CompletableFuture<T> caller, T answer) {
        void succeed() {
            caller.complete(answer);
        }

        void fail(Throwable why) {
            caller.completeExceptionally(why);
        }
    }
}
