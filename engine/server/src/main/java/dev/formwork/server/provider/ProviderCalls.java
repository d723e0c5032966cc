package dev.formwork.server.provider;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Calls providers, so many at a time for each, and for no longer than is allowed: then the call is
/// interrupted and `provider.timeout`. Thread-safe.
final class ProviderCalls implements AutoCloseable {
    private final int atATime;
    private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("provider-", 0).factory());

    ProviderCalls(int atATime) {
        this.atATime = atATime;
    }

    /// @param what for the message: `make machine demo-members-0`
    <T> T call(String provider, String what, Duration limit, Supplier<T> operation) {
        Semaphore permit = permits.computeIfAbsent(provider, _ -> new Semaphore(atATime, true));
        try {
            permit.acquire();
            try {
                return await(threads.submit(operation::get), what, limit);
            } finally {
                permit.release();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem("interrupted: " + what, null);
        }
    }

    private static <T> T await(Future<T> answer, String what, Duration limit)
            throws InterruptedException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw ProviderCode.TIMEOUT.problem(
                    "gave up after %d s: %s".formatted(limit.toSeconds(), what),
                    "is the provider's place in order?",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException known) {
                throw known;
            }
            throw ProviderCode.UNAVAILABLE.problem(
                    "the provider failed: " + what + ": " + e.getCause(),
                    "the engine's log may say more",
                    e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
