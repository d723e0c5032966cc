package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// What [InstanceLifecycle] promises when the way to the place fails: at any call of an operation,
/// once or for good.
///
/// A fault that the place has no words for does not happen there, and its test passes at once:
/// which those are the bench says by what it gives its server.
public interface InstanceFaultContract extends ProviderContract {
    int MOST_CALLS = 64;
    Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    @Override
    RemoteBench bench();

    private Provider open() {
        return bench().open(ENGINE);
    }

    private static InstanceLifecycle lifecycle(Provider provider) {
        return provider.capability(InstanceLifecycle.class);
    }

    private boolean happens(Fault fault) {
        return bench().server().faults().contains(fault);
    }

    /// Runs the operation with one fault at this call, and says whether there was such a call.
    private boolean hitOnce(int call, Fault fault, Runnable operation) {
        assertThat(call).as("an operation has an end").isLessThan(MOST_CALLS);
        bench().server().failAt(call, fault);
        try {
            operation.run();
        } catch (ProblemException failed) {
            if (fault.isHiccup()) {
                throw new AssertionError(
                        "%s once, at call %d, was not asked again".formatted(fault, call), failed);
            }
            assertThat(failed.code()).matches(fault::isSaidBy, fault + " at call " + call);
        }
        boolean wasHit = bench().server().calls() > call;
        bench().server().mend();
        return wasHit;
    }

    @ParameterizedTest
    @EnumSource
    default void aFaultAtAnyCallOfACreateIsOverWithItsRepeat(Fault fault) {
        boolean hit = happens(fault);
        for (int call = 0; hit; call++) {
            OperationToken token = anyToken();
            InstanceRequest request = anyRequest();
            try (Provider provider = open()) {
                hit = hitOnce(call, fault, () -> lifecycle(provider).create(token, request));
            }
            try (Provider provider = open()) {
                List<Instance> afterwards = lifecycle(provider).list();
                assertThat(afterwards).as("%s at call %d", fault, call).hasSizeLessThan(2);

                Instance made = lifecycle(provider).create(token, request);

                assertThat(made.state()).isIn(InstanceState.STARTING, InstanceState.RUNNING);
                assertThat(lifecycle(provider).list())
                        .as("%s at call %d", fault, call)
                        .extracting(Instance::ref)
                        .containsExactly(made.ref());
                for (Instance seen : afterwards) {
                    assertThat(seen.ref()).isEqualTo(made.ref());
                }
                lifecycle(provider).delete(anyToken(), made.ref());
                assertThat(bench().remainsOf(request.machine()))
                        .as("%s at call %d", fault, call)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aFaultAtAnyCallOfADeleteIsOverWithItsRepeat(Fault fault) {
        boolean hit = happens(fault);
        for (int call = 0; hit; call++) {
            InstanceRequest request = anyRequest();
            InstanceRef ref;
            try (Provider provider = open()) {
                ref = lifecycle(provider).create(anyToken(), request).ref();
            }
            try (Provider provider = open()) {
                hit = hitOnce(call, fault, () -> lifecycle(provider).delete(anyToken(), ref));
            }
            try (Provider provider = open()) {
                if (!bench().remainsOf(request.machine()).isEmpty()) {
                    assertThat(lifecycle(provider).list())
                            .as("%s at call %d", fault, call)
                            .extracting(Instance::ref)
                            .containsExactly(ref);
                }
                lifecycle(provider).delete(anyToken(), ref);
                assertThat(lifecycle(provider).list()).isEmpty();
                assertThat(bench().remainsOf(request.machine()))
                        .as("%s at call %d", fault, call)
                        .isEmpty();
            }
        }
    }

    /// What cannot be seen is not taken for gone.
    @ParameterizedTest
    @EnumSource
    default void aFaultAtAnyCallOfALookHidesNothing(Fault fault) {
        InstanceRef made;
        try (Provider provider = open()) {
            made = lifecycle(provider).create(anyToken(), anyRequest()).ref();
        }
        Consumer<InstanceLifecycle> find =
                lifecycle -> assertThat(lifecycle.find(made)).isPresent();
        Consumer<InstanceLifecycle> list =
                lifecycle ->
                        assertThat(lifecycle.list())
                                .extracting(Instance::ref)
                                .containsExactly(made);
        for (Consumer<InstanceLifecycle> look : List.of(find, list)) {
            boolean hit = happens(fault);
            for (int call = 0; hit; call++) {
                try (Provider provider = open()) {
                    hit = hitOnce(call, fault, () -> look.accept(lifecycle(provider)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aFaultThatLastsHasItsCode(Fault fault) {
        if (!happens(fault)) {
            return;
        }
        InstanceRequest there = anyRequest();
        InstanceRef made;
        try (Provider provider = open()) {
            made = lifecycle(provider).create(anyToken(), there).ref();
        }
        Consumer<InstanceLifecycle> find = lifecycle -> lifecycle.find(made);
        Consumer<InstanceLifecycle> delete = lifecycle -> lifecycle.delete(anyToken(), made);
        List<Consumer<InstanceLifecycle>> operations = new ArrayList<>();
        operations.add(lifecycle -> lifecycle.create(anyToken(), anyRequest()));
        operations.add(delete);
        if (bench().isAskedByLooks()) {
            operations.addFirst(find);
            operations.addFirst(InstanceLifecycle::list);
        } else {
            assertSeenAllTheTime(fault, made);
        }
        if (fault == Fault.STUCK) {
            // Each attempt takes as long as the provider waits for an answer.
            operations = operations.subList(0, 1);
        }
        for (Consumer<InstanceLifecycle> operation : operations) {
            try (Provider provider = open()) {
                bench().pauses().take();
                bench().server().failAll(fault);
                assertThatExceptionOfType(ProblemException.class)
                        .as("%s for good", fault)
                        .isThrownBy(() -> operation.accept(lifecycle(provider)))
                        .matches(failed -> fault.isSaidBy(failed.code()), fault.codes().toString());
                assertThat(bench().server().calls()).isLessThan(MOST_CALLS);
                assertPauses(fault, bench().pauses().take());
            } finally {
                bench().server().mend();
            }
        }
    }

    private void assertSeenAllTheTime(Fault fault, InstanceRef made) {
        try (Provider provider = open()) {
            bench().server().failAll(fault);
            assertThat(lifecycle(provider).find(made)).isPresent();
            assertThat(lifecycle(provider).list()).extracting(Instance::ref).contains(made);
            assertThat(bench().server().calls()).as("looks ask nobody").isZero();
        } finally {
            bench().server().mend();
        }
    }

    /// Asked again with pauses where that may help, and else not at all.
    private void assertPauses(Fault fault, List<Duration> pauses) {
        if (fault.isHiccup()) {
            assertThat(pauses).as("pauses after %s", fault).hasSizeGreaterThanOrEqualTo(2);
            assertThat(pauses).allMatch(pause -> pause.compareTo(LONGEST_PAUSE) <= 0);
        } else {
            assertThat(pauses).as("nobody waits for other %s", fault).isEmpty();
        }
    }

    @Test
    default void whoAreRefusedTogetherDoNotComeBackTogether() {
        if (!happens(Fault.THROTTLED)) {
            return;
        }
        Set<List<Duration>> ways = new HashSet<>();
        List<Duration> all = new ArrayList<>();
        for (int caller = 0; caller < 5; caller++) {
            try (Provider provider = open()) {
                bench().pauses().take();
                bench().server().failAll(Fault.THROTTLED);
                assertThatExceptionOfType(ProblemException.class)
                        .isThrownBy(() -> lifecycle(provider).create(anyToken(), anyRequest()));
                List<Duration> pauses = bench().pauses().take();
                ways.add(pauses);
                all.addAll(pauses);
            } finally {
                bench().server().mend();
            }
        }
        assertThat(ways).as("each caller has pauses of its own").hasSize(5);
        Optional<Duration> asked = bench().retryAfter();
        if (asked.isPresent()) {
            assertThat(all)
                    .as("the place asks for " + asked.get())
                    .allMatch(pause -> pause.compareTo(asked.get()) >= 0);
        }
    }

    @Test
    default void acceptsThatACallWhichIsStuckIsCancelled() throws Exception {
        OperationToken token = anyToken();
        InstanceRequest request = anyRequest();
        AtomicBoolean stayedInterrupted = new AtomicBoolean();
        List<String> codes = new ArrayList<>();
        try (Provider provider = open()) {
            bench().server().failAll(Fault.STUCK);
            Thread caller =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    lifecycle(provider).create(token, request);
                                } catch (ProblemException cancelled) {
                                    codes.add(cancelled.code());
                                }
                                stayedInterrupted.set(Thread.currentThread().isInterrupted());
                            });
            bench().server().awaitStuck();
            caller.interrupt();
            caller.join();
        } finally {
            bench().server().mend();
        }
        assertThat(codes).containsExactly(ProviderCode.INTERRUPTED.code());
        assertThat(stayedInterrupted).isTrue();
        try (Provider provider = open()) {
            InstanceRef made = lifecycle(provider).create(token, request).ref();
            assertThat(lifecycle(provider).list()).extracting(Instance::ref).containsExactly(made);
        }
    }
}
