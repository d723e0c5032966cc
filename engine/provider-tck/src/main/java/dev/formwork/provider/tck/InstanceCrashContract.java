package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// What [InstanceLifecycle] promises when the engine dies at any step, when a call is interrupted,
/// and when many call at once.
public interface InstanceCrashContract extends ProviderContract {
    int MOST_STEPS = 64;
    int CALLERS = 8;

    private Provider open() {
        return bench().open(ENGINE);
    }

    private static InstanceLifecycle lifecycle(Provider provider) {
        return provider.capability(InstanceLifecycle.class);
    }

    /// Runs the operation on a provider that dies after so many steps; says whether it died.
    private boolean dies(int steps, Consumer<InstanceLifecycle> operation) {
        assertThat(steps).as("an operation has an end").isLessThan(MOST_STEPS);
        try (Provider dying = bench().openDying(ENGINE, steps)) {
            operation.accept(lifecycle(dying));
            return false;
        } catch (SimulatedCrash expected) {
            return true;
        }
    }

    @Test
    default void aCreateCutShortAnywhereIsFinishedByItsRepeat() {
        boolean died = true;
        for (int steps = 0; died; steps++) {
            OperationToken token = anyToken();
            InstanceRequest request = anyRequest();
            died = dies(steps, lifecycle -> lifecycle.create(token, request));
            try (Provider provider = open()) {
                List<Instance> afterwards = lifecycle(provider).list();
                assertThat(afterwards).as("after %d steps", steps).hasSizeLessThan(2);

                Instance made = lifecycle(provider).create(token, request);

                assertThat(made.state())
                        .as("after %d steps", steps)
                        .isIn(InstanceState.STARTING, InstanceState.RUNNING);
                assertThat(lifecycle(provider).list())
                        .as("after %d steps", steps)
                        .extracting(Instance::ref)
                        .containsExactly(made.ref());
                for (Instance seen : afterwards) {
                    assertThat(seen.ref()).isEqualTo(made.ref());
                }
                lifecycle(provider).delete(anyToken(), made.ref());
                assertThat(bench().remainsOf(request.machine())).isEmpty();
            }
        }
    }

    @Test
    default void aCreateCutShortAnywhereIsListedAndCanBeDeleted() {
        boolean died = true;
        for (int steps = 0; died; steps++) {
            InstanceRequest request = anyRequest();
            died = dies(steps, lifecycle -> lifecycle.create(anyToken(), request));
            try (Provider provider = open()) {
                for (Instance left : lifecycle(provider).list()) {
                    assertThat(left.machine()).isEqualTo(request.machine());
                    lifecycle(provider).delete(anyToken(), left.ref());
                }
                assertThat(lifecycle(provider).list()).as("after %d steps", steps).isEmpty();
                assertThat(bench().remainsOf(request.machine()))
                        .as("after %d steps", steps)
                        .isEmpty();
            }
        }
    }

    @Test
    default void aDeleteCutShortAnywhereIsListedUntilItsRepeatHasFinished() {
        boolean died = true;
        for (int steps = 0; died; steps++) {
            InstanceRequest request = anyRequest();
            InstanceRef ref;
            try (Provider provider = open()) {
                ref = lifecycle(provider).create(anyToken(), request).ref();
            }
            died = dies(steps, lifecycle -> lifecycle.delete(anyToken(), ref));
            try (Provider provider = open()) {
                if (!bench().remainsOf(request.machine()).isEmpty()) {
                    assertThat(lifecycle(provider).list())
                            .as("after %d steps", steps)
                            .extracting(Instance::ref)
                            .containsExactly(ref);
                    assertThat(lifecycle(provider).find(ref)).isPresent();
                }
                lifecycle(provider).delete(anyToken(), ref);
                assertThat(lifecycle(provider).find(ref)).isEmpty();
                assertThat(lifecycle(provider).list()).isEmpty();
                assertThat(bench().remainsOf(request.machine()))
                        .as("after %d steps", steps)
                        .isEmpty();
            }
        }
    }

    @Test
    default void anInterruptedCreateIsFinishedByItsRepeat() {
        OperationToken token = anyToken();
        InstanceRequest request = anyRequest();
        try (Provider provider = open()) {
            Thread.currentThread().interrupt();
            try {
                lifecycle(provider).create(token, request);
            } catch (ProblemException refused) {
                assertThat(refused.code()).isEqualTo(ProviderCode.INTERRUPTED.code());
            } finally {
                assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
            }
            Instance made = lifecycle(provider).create(token, request);
            assertThat(lifecycle(provider).list())
                    .extracting(Instance::ref)
                    .containsExactly(made.ref());
        }
    }

    @Test
    default void anInterruptedDeleteIsFinishedByItsRepeat() {
        try (Provider provider = open()) {
            Instance made = lifecycle(provider).create(anyToken(), anyRequest());
            Thread.currentThread().interrupt();
            try {
                lifecycle(provider).delete(anyToken(), made.ref());
            } catch (ProblemException refused) {
                assertThat(refused.code()).isEqualTo(ProviderCode.INTERRUPTED.code());
            } finally {
                assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
            }
            lifecycle(provider).delete(anyToken(), made.ref());
            assertThat(bench().remainsOf(made.machine())).isEmpty();
        }
    }

    @Test
    default void createsAtOnceUnderOneTokenMakeOneInstance() throws Exception {
        OperationToken token = anyToken();
        InstanceRequest request = anyRequest();
        try (Provider here = open();
                Provider there = open()) {
            List<Callable<InstanceRef>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                InstanceLifecycle lifecycle = lifecycle(i % 2 == 0 ? here : there);
                calls.add(() -> lifecycle.create(token, request).ref());
            }
            assertThat(atOnce(calls).stream().distinct()).hasSize(1);
            assertThat(lifecycle(here).list()).hasSize(1);
        }
    }

    @Test
    default void createsAtOnceUnderDistinctTokensMakeDistinctInstances() throws Exception {
        try (Provider here = open();
                Provider there = open()) {
            List<Callable<Instance>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                InstanceLifecycle lifecycle = lifecycle(i % 2 == 0 ? here : there);
                calls.add(() -> lifecycle.create(anyToken(), anyRequest()));
            }
            List<Instance> made = atOnce(calls);
            assertThat(made).extracting(Instance::ref).doesNotHaveDuplicates();
            assertThat(made.stream().map(Instance::address).filter(a -> a != null))
                    .doesNotHaveDuplicates();
            assertThat(lifecycle(there).list()).hasSize(CALLERS);
        }
    }

    @Test
    default void deletesAtOnceAllSucceed() throws Exception {
        try (Provider here = open();
                Provider there = open()) {
            Instance made = lifecycle(here).create(anyToken(), anyRequest());
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                InstanceLifecycle lifecycle = lifecycle(i % 2 == 0 ? here : there);
                calls.add(() -> {
                    lifecycle.delete(anyToken(), made.ref());
                    return lifecycle.find(made.ref()).isEmpty();
                });
            }
            assertThat(atOnce(calls)).containsOnly(true);
            assertThat(bench().remainsOf(made.machine())).isEmpty();
        }
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("contract-", 0).factory())) {
            List<Future<T>> answers = new ArrayList<>();
            for (Callable<T> call : calls) {
                answers.add(
                        threads.submit(() -> {
                            start.await();
                            return call.call();
                        }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> answer : answers) {
                results.add(answer.get());
            }
            return results;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }
}
