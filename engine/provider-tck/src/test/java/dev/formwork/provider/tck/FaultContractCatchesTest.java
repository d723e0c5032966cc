package dev.formwork.provider.tck;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.AskLater;
import dev.formwork.provider.Pause;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Retries;
import dev.formwork.provider.tck.HttpBench.Patience;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// The kit fails a client that copes badly with faults of the network.
class FaultContractCatchesTest {
    private record Kit(HttpBench bench) implements InstanceFaultContract {}

    private static void assertCaught(
            Function<RecordedPauses, Patience> patience, Consumer<Kit> test) {
        try (HttpBench bench = new HttpBench(patience)) {
            Kit kit = new Kit(bench);
            assertThatThrownBy(() -> test.accept(kit)).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void whoNeverAsksAgain() {
        assertCaught(
                _ -> Supplier::get,
                kit -> kit.aFaultAtAnyCallOfACreateIsOverWithItsRepeat(Fault.REFUSED));
    }

    @Test
    void whoHidesWhatItCannotSee() {
        assertCaught(
                _ ->
                        once -> {
                            try {
                                return once.get();
                            } catch (ProblemException | AskLater unavailable) {
                                return Optional.empty();
                            }
                        },
                kit -> kit.aFaultAtAnyCallOfALookHidesNothing(Fault.OUT_OF_ORDER));
    }

    @Test
    void whoAsksAgainForEver() {
        assertCaught(
                pauses ->
                        once -> {
                            for (int i = 0; i < 100; i++) {
                                try {
                                    return once.get();
                                } catch (ProblemException | AskLater unavailable) {
                                    rest(pauses);
                                }
                            }
                            throw ProviderCode.UNAVAILABLE.problem("given up", null);
                        },
                kit -> kit.aFaultThatLastsHasItsCode(Fault.OUT_OF_ORDER));
    }

    @Test
    void whoAsksAgainWithoutAPause() {
        Pause none = _ -> {};
        assertCaught(
                _ -> new Retries(new Random(), none)::call,
                kit -> kit.aFaultThatLastsHasItsCode(Fault.OUT_OF_ORDER));
    }

    @Test
    void whoAsksAgainWithWrongCredentials() {
        assertCaught(
                pauses ->
                        once -> {
                            for (int i = 0; i < 3; i++) {
                                try {
                                    return once.get();
                                } catch (ProblemException | AskLater again) {
                                    rest(pauses);
                                }
                            }
                            return once.get();
                        },
                kit -> kit.aFaultThatLastsHasItsCode(Fault.CREDENTIALS));
    }

    private static void rest(RecordedPauses pauses) {
        try {
            pauses.last(Duration.ofSeconds(1));
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoAllComeBackTogether() {
        assertCaught(
                pauses -> new Retries(new Random(42), pauses)::call,
                InstanceFaultContract::whoAreRefusedTogetherDoNotComeBackTogether);
    }
}
