package dev.formwork.provider.ssh;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.inventory.Host;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Looks at many hosts at once. What it answers was always asked for after the question was put,
/// and yet there is one look at the same hosts at a time: who comes meanwhile shares the next one.
/// So a thousand creates at once look at a thousand hosts a few times, not a thousand times.
///
/// Thread-safe.
final class HostStates implements AutoCloseable {
    private static final int MOST_NAMED = 10;

    private final Function<Host, HostState> look;
    private final Map<Set<Host>, Looks> looks = new ConcurrentHashMap<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ssh-look-", 0).factory());

    HostStates(Function<Host, HostState> look) {
        this.look = look;
    }

    /// At the same hosts: whether one is under way, and the one after it, if somebody waits for it.
    private final class Looks {
        private final Set<Host> hosts;
        private boolean isLooking;
        private @Nullable CompletableFuture<Map<Host, HostState>> next;

        Looks(Set<Host> hosts) {
            this.hosts = hosts;
        }

        synchronized CompletableFuture<Map<Host, HostState>> fresh() {
            CompletableFuture<Map<Host, HostState>> waited = next;
            if (waited == null) {
                waited = new CompletableFuture<>();
                next = waited;
            }
            startNext();
            return waited;
        }

        private synchronized void startNext() {
            CompletableFuture<Map<Host, HostState>> wanted = next;
            if (wanted == null || isLooking) {
                return;
            }
            next = null;
            isLooking = true;
            threads.execute(() -> {
                try {
                    wanted.complete(all(hosts));
                } catch (RuntimeException | Error failed) {
                    wanted.completeExceptionally(failed);
                } finally {
                    hasLooked();
                }
            });
        }

        private synchronized void hasLooked() {
            isLooking = false;
            CompletableFuture<Map<Host, HostState>> waited = next;
            if (waited != null && threads.isShutdown()) {
                waited.completeExceptionally(
                        ProviderCode.CLOSED.problem("the provider was closed", null));
            } else {
                startNext();
            }
        }
    }

    HostState of(Host host) {
        return of(List.of(host)).getFirst();
    }

    /// All of them, in the same order, or none.
    ///
    /// @throws ProblemException as the first host that does not answer, and says how many more and
    ///   which
    List<HostState> of(Collection<Host> hosts) {
        Map<Host, HostState> states =
                answer(looks.computeIfAbsent(Set.copyOf(hosts), Looks::new).fresh());
        List<HostState> inOrder = new ArrayList<>();
        for (Host host : hosts) {
            HostState state = states.get(host);
            if (state != null) {
                inOrder.add(state);
            }
        }
        return inOrder;
    }

    private Map<Host, HostState> all(Set<Host> hosts) {
        List<CompletableFuture<HostState>> answers = new ArrayList<>();
        // In an order that does not change: the first that fails is told.
        List<Host> inOrder = hosts.stream().sorted(Comparator.comparing(Host::name)).toList();
        for (Host host : inOrder) {
            answers.add(CompletableFuture.supplyAsync(() -> look.apply(host), threads));
        }
        Map<Host, HostState> states = new HashMap<>();
        Map<Host, ProblemException> failures = new LinkedHashMap<>();
        for (int i = 0; i < inOrder.size(); i++) {
            try {
                states.put(inOrder.get(i), answer(answers.get(i)));
            } catch (ProblemException failed) {
                failures.put(inOrder.get(i), failed);
            }
        }
        if (!failures.isEmpty()) {
            throw told(failures);
        }
        return states;
    }

    private static <T> T answer(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted while looking at hosts", "ask again", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            if (failed.getCause() instanceof RejectedExecutionException) {
                throw ProviderCode.CLOSED.problem("the provider was closed", null);
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private static ProblemException told(Map<Host, ProblemException> failures) {
        ProblemException first = failures.values().iterator().next();
        if (failures.size() == 1) {
            return first;
        }
        Problem told = first.problems().getFirst();
        String more =
                failures.keySet().stream()
                                .skip(1)
                                .limit(MOST_NAMED - 1L)
                                .map(Host::name)
                                .collect(Collectors.joining(", "))
                        + (failures.size() > MOST_NAMED ? ", ..." : "");
        return new ProblemException(
                List.of(
                        Problem.of(
                                told.code(),
                                "%s; and %d more hosts do not answer: %s"
                                        .formatted(told.detail(), failures.size() - 1, more),
                                told.hint())),
                first);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
