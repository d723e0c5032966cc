package dev.formwork.server.loop;

import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;
import dev.formwork.workflow.store.Store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A store whose disk is as slow as the test wants: a commit is durable when it says so, and one
/// without changes when the one before it is.
final class HeldStore {
    private final InMemoryStore kept = new InMemoryStore();
    private final BlockingQueue<Held> commits = new LinkedBlockingQueue<>();
    private volatile CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    record Held(List<Change> changes, CompletableFuture<Void> durable) {}

    /// The oldest commit that waits.
    Held next() throws InterruptedException {
        Held held = commits.poll(5, TimeUnit.SECONDS);
        if (held == null) {
            throw new AssertionError("nothing was committed");
        }
        return held;
    }

    void complete(Held held) {
        kept.commit(held.changes()).join();
        held.durable().complete(null);
    }

    @SuppressWarnings("unchecked")
    Store store() {
        return (Store)
                Proxy.newProxyInstance(
                        HeldStore.class.getClassLoader(),
                        new Class<?>[] {Store.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("commit")) {
                                Held held =
                                        new Held(
                                                (List<Change>) arguments[0],
                                                new CompletableFuture<>());
                                if (held.changes().isEmpty()) {
                                    return last;
                                }
                                commits.add(held);
                                last = held.durable();
                                return last;
                            }
                            try {
                                return method.invoke(kept, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }
}
