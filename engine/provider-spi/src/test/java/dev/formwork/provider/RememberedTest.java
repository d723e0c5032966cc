package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

class RememberedTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource source = now::get;
    private final Remembered<String, Integer> remembered =
            new Remembered<>(source.withZone(ZoneOffset.UTC));
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void asksOnceForAMinute() {
        assertThat(remembered.of("a", asked::incrementAndGet)).isEqualTo(1);
        now.set(Instant.EPOCH.plus(Duration.ofSeconds(59)));
        assertThat(remembered.of("a", asked::incrementAndGet)).isEqualTo(1);
        assertThat(remembered.of("b", asked::incrementAndGet)).isEqualTo(2);
        now.set(Instant.EPOCH.plus(Duration.ofSeconds(60)));
        assertThat(remembered.of("a", asked::incrementAndGet)).isEqualTo(3);
    }

    @Test
    void doesNotRememberAFailure() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        remembered.of(
                                "a",
                                () -> {
                                    throw ProviderCode.TIMEOUT.problem("late", null);
                                }));
        assertThat(remembered.of("a", asked::incrementAndGet)).isEqualTo(1);
    }

    @Test
    void whoAsksMeanwhileWaitsForTheAnswer() throws InterruptedException, ExecutionException {
        CountDownLatch isAsking = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first =
                    threads.submit(() ->
                            remembered.of(
                                    "a",
                                    () -> {
                                        isAsking.countDown();
                                        await(mayAnswer);
                                        return 7;
                                    }));
            isAsking.await();
            Future<Integer> second =
                    threads.submit(() -> remembered.of("a", asked::incrementAndGet));
            mayAnswer.countDown();
            assertThat(first.get()).isEqualTo(7);
            assertThat(second.get()).isEqualTo(7);
        }
    }

    @Test
    void whoIsInterruptedWhileItWaitsIsTold() throws InterruptedException, ExecutionException {
        CountDownLatch isAsking = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first =
                    threads.submit(() ->
                            remembered.of(
                                    "a",
                                    () -> {
                                        isAsking.countDown();
                                        await(mayAnswer);
                                        return 7;
                                    }));
            isAsking.await();
            Future<String> second =
                    threads.submit(() -> {
                        Thread.currentThread().interrupt();
                        try {
                            return "" + remembered.of("a", asked::incrementAndGet);
                        } catch (ProblemException interrupted) {
                            return interrupted.code();
                        }
                    });
            assertThat(second.get()).isEqualTo(ProviderCode.INTERRUPTED.code());
            mayAnswer.countDown();
            assertThat(first.get()).isEqualTo(7);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }
}
