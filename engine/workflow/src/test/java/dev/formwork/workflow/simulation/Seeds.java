package dev.formwork.workflow.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Tries seeds on every core, each by itself, and knows at any time which it is at.
///
/// @param <T> what is made of a seed
final class Seeds<T> {
    private final LongFunction<T> trial;
    private final LongFunction<String> replay;

    /// By seed, when it was begun, by [System#nanoTime].
    private final Map<Long, Long> underway = new ConcurrentSkipListMap<>();

    /// @param replay how to try a seed again by itself
    Seeds(LongFunction<T> trial, LongFunction<String> replay) {
        this.trial = trial;
        this.replay = replay;
    }

    /// In their order.
    ///
    /// @throws AssertionError where the thread is interrupted, as a test is that takes too long:
    ///   says which seeds hang
    List<T> tried(LongStream seeds) {
        ExecutorService pool =
                Executors.newFixedThreadPool(
                        Runtime.getRuntime().availableProcessors(),
                        Thread.ofPlatform().name("seeds-", 0).daemon().factory());
        try {
            // Not `invokeAll`: where that is interrupted, so is what hangs, and is no more known.
            List<Future<T>> trials =
                    seeds.mapToObj(seed -> pool.submit(() -> tried(seed))).toList();
            List<T> all = new ArrayList<>();
            for (Future<T> each : trials) {
                all.add(each.get());
            }
            return all;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new AssertionError(hanging());
        } catch (ExecutionException e) {
            throw new AssertionError("a trial does not end as it should", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private T tried(long seed) {
        underway.put(seed, System.nanoTime());
        T made = trial.apply(seed);
        underway.remove(seed);
        return made;
    }

    private String hanging() {
        return underway.entrySet().stream()
                .map(each ->
                        "seed "
                                + each.getKey()
                                + " is not done after "
                                + Duration.ofNanos(System.nanoTime() - each.getValue()).toSeconds()
                                + " s; replay: "
                                + replay.apply(each.getKey()))
                .collect(Collectors.joining("\n"));
    }
}
