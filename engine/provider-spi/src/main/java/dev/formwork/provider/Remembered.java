package dev.formwork.provider;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// What a place was asked of late, and answered: which image, network or flavor a name means. Of a
/// thousand machines of a group each asks for the same; a place counts its calls, and refuses those
/// that are too many. An answer holds for a minute. A failure is not remembered.
///
/// Who asks while another asks for the same waits for that answer. Thread-safe.
public final class Remembered<K, V> {
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final int MOST = 1000;

    private final Clock clock;

    /// Those that were asked for last. Guarded by itself.
    private final Map<K, Answer<V>> answers =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<K, Answer<V>> eldest) {
                    return size() > MOST;
                }
            };

    public Remembered(Clock clock) {
        this.clock = clock;
    }

    private static final class Answer<V> {
        private final ReentrantLock asking = new ReentrantLock();
        private @Nullable V value;
        private Instant until = Instant.MIN;
    }

    /// The answer to this, from before or new.
    ///
    /// @throws dev.formwork.model.ProblemException the call's; `provider.interrupted`
    public V of(K key, Supplier<V> ask) {
        Answer<V> answer;
        synchronized (answers) {
            answer = answers.computeIfAbsent(key, _ -> new Answer<>());
        }
        try {
            answer.asking.lockInterruptibly();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "the operation was interrupted", "repeat it to go on", cancelled);
        }
        try {
            V known = answer.value;
            if (known == null || !clock.instant().isBefore(answer.until)) {
                known = ask.get();
                answer.value = known;
                answer.until = clock.instant().plus(LIFE);
            }
            return known;
        } finally {
            answer.asking.unlock();
        }
    }
}
