package dev.formwork.boot.artifact;

import dev.formwork.model.ProblemException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Has artifacts fetched while machines ask for them. Thread-safe.
public final class Fetches implements AutoCloseable {
    private final ArtifactCache cache;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fetch-", 0).factory());

    public Fetches(ArtifactCache cache) {
        this.cache = cache;
    }

    /// Whether all are there; those that are not are being fetched from now on. A failure is told
    /// once, and then it is tried again.
    ///
    /// @param patience how long to wait for them
    /// @throws ProblemException as [ArtifactCache#fetch]
    public boolean areThere(List<Artifact> artifacts, Duration patience)
            throws InterruptedException {
        List<CompletableFuture<Void>> wanted =
                artifacts.stream()
                        .filter(each -> cache.file(each.sha256()).isEmpty())
                        .map(this::begin)
                        .toList();
        CompletableFuture<Void> all =
                CompletableFuture.allOf(wanted.toArray(CompletableFuture[]::new));
        try {
            all.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            // Looked at one by one: the others need not be waited for where one has failed.
        }
        wanted.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .forEach(Fetches::rethrow);
        return all.isDone();
    }

    private static void rethrow(CompletableFuture<Void> failed) {
        if (failed.exceptionNow() instanceof ProblemException problem) {
            throw problem;
        }
        throw new CompletionException(failed.exceptionNow());
    }

    /// The cache has whoever wants one that is being fetched wait for that.
    private CompletableFuture<Void> begin(Artifact artifact) {
        return CompletableFuture.runAsync(() -> cache.fetch(artifact), threads);
    }

    /// What is under way is broken off.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
