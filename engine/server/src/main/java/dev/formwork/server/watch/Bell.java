package dev.formwork.server.watch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/// Rings for everyone who waits at that moment. Who takes [#next] *before* looking at what may have
/// changed misses nothing. Thread-safe.
public final class Bell {
    private final AtomicReference<CompletableFuture<Void>> next =
            new AtomicReference<>(new CompletableFuture<>());

    /// Completes at the next ring, on another thread than the one that rings.
    public CompletableFuture<Void> next() {
        return next.get();
    }

    public void ring() {
        CompletableFuture<Void> rung = next.getAndSet(new CompletableFuture<>());
        rung.completeAsync(() -> null, Thread::startVirtualThread);
    }
}
