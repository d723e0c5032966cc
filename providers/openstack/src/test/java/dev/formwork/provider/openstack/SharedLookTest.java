package dev.formwork.provider.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

class SharedLookTest {
    @Test
    void looksAnewForWhoAsksAfterwards() {
        AtomicInteger looks = new AtomicInteger();
        SharedLook<Integer> shared = new SharedLook<>(looks::incrementAndGet);

        assertThat(shared.see()).isEqualTo(1);
        assertThat(shared.see()).isEqualTo(2);
    }

    @Test
    void whoAsksWhileSomebodyLooksSharesTheNextLook()
            throws InterruptedException, ExecutionException {
        Semaphore isLooking = new Semaphore(0);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        SharedLook<Integer> shared =
                new SharedLook<>(() -> {
                    int look = looks.incrementAndGet();
                    isLooking.release();
                    await(mayEnd);
                    return look;
                });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(shared::see);
            isLooking.acquire();
            List<Future<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                others.add(threads.submit(shared::see));
            }
            // All of them have asked: whoever has not would look once more.
            while (shared.waiting() < 100) {
                Thread.onSpinWait();
            }
            mayEnd.countDown();

            assertThat(first.get()).isEqualTo(1);
            for (Future<Integer> each : others) {
                assertThat(each.get()).isEqualTo(2);
            }
            assertThat(looks).hasValue(2);
        }
    }

    @Test
    void aLookThatFailsIsNobodyElses() {
        AtomicInteger looks = new AtomicInteger();
        SharedLook<Integer> shared =
                new SharedLook<>(() -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("once");
                    }
                    return looks.get();
                });

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(shared::see);
        assertThat(shared.see()).isEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }
}
