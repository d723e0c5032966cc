package dev.formwork.provider.ssh;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.inventory.Host;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Looks at many hosts at once. An answer was always asked for after the question was put, and yet
/// a host is asked by one at a time: who comes meanwhile shares the next look. So a thousand
/// creates at once look at a thousand hosts a few times, not a million.
///
/// Thread-safe.
final class HostStates implements AutoCloseable {
    private final Function<Host, HostState> look;
    private final Map<Host, Looks> looks = new ConcurrentHashMap<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ssh-look-", 0).factory());

    HostStates(Function<Host, HostState> look) {
        this.look = look;
    }

    /// One host's: the look that is under way, and the one after it, if somebody waits for it.
    private final class Looks {
        private final Host host;
        private boolean isLooking;
        private @Nullable CompletableFuture<HostState> next;

        Looks(Host host) {
            this.host = host;
        }

        synchronized CompletableFuture<HostState> fresh() {
            CompletableFuture<HostState> waited = next;
            if (waited == null) {
                waited = new CompletableFuture<>();
                next = waited;
            }
            startNext();
            return waited;
        }

        private synchronized void startNext() {
            CompletableFuture<HostState> wanted = next;
            if (wanted == null || isLooking) {
                return;
            }
            next = null;
            isLooking = true;
            threads.execute(() -> {
                try {
                    wanted.complete(look.apply(host));
                } catch (RuntimeException | Error failed) {
                    wanted.completeExceptionally(failed);
                } finally {
                    hasLooked();
                }
            });
        }

        private synchronized void hasLooked() {
            isLooking = false;
            if (!threads.isShutdown()) {
                startNext();
            }
        }
    }

    HostState of(Host host) {
        return of(List.of(host)).getFirst();
    }

    /// All of them, in the same order, or none.
    ///
    /// @throws ProblemException as the first host that does not answer, and says how many more
    List<HostState> of(Collection<Host> hosts) {
        List<CompletableFuture<HostState>> answers = new ArrayList<>();
        for (Host host : hosts) {
            answers.add(looks.computeIfAbsent(host, Looks::new).fresh());
        }
        List<HostState> states = new ArrayList<>();
        List<ProblemException> failures = new ArrayList<>();
        for (CompletableFuture<HostState> answer : answers) {
            try {
                states.add(answer.get());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw ProviderCode.INTERRUPTED.problem(
                        "interrupted while looking at hosts", "ask again", interrupted);
            } catch (ExecutionException failed) {
                failures.add(problem(failed.getCause()));
            }
        }
        if (!failures.isEmpty()) {
            throw all(failures);
        }
        return states;
    }

    private static ProblemException problem(@Nullable Throwable cause) {
        if (cause instanceof ProblemException problem) {
            return problem;
        }
        throw new IllegalStateException(cause);
    }

    private static ProblemException all(List<ProblemException> failures) {
        ProblemException first = failures.getFirst();
        if (failures.size() == 1) {
            return first;
        }
        Problem told = first.problems().getFirst();
        return new ProblemException(
                List.of(
                        Problem.of(
                                told.code(),
                                "%s; and %d more hosts do not answer"
                                        .formatted(told.detail(), failures.size() - 1),
                                told.hint())),
                first);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
