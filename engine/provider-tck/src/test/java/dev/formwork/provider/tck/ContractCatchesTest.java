package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The kit fails a provider that breaks a promise.
class ContractCatchesTest {
    private static final class Kit implements InstanceLifecycleContract, InstanceCrashContract {
        private final InMemoryBench good;
        private final UnaryOperator<InstanceLifecycle> fault;
        private final Map<Promise, String> deviations;

        Kit(
                InMemoryBench good,
                UnaryOperator<InstanceLifecycle> fault,
                Map<Promise, String> deviations) {
            this.good = good;
            this.fault = fault;
            this.deviations = deviations;
        }

        @Override
        public ProviderBench bench() {
            return new ProviderBench() {
                @Override
                public Provider open(EngineId engine) {
                    return faulty(good.open(engine));
                }

                @Override
                public Provider openDying(EngineId engine, int steps) {
                    return faulty(good.openDying(engine, steps));
                }

                @Override
                public List<String> remainsOf(MachineId machine) {
                    return good.remainsOf(machine);
                }

                @Override
                public Map<Promise, String> deviations() {
                    return deviations;
                }

                @Override
                public void close() {}
            };
        }

        private Provider faulty(Provider provider) {
            InstanceLifecycle broken = fault.apply(provider.capability(InstanceLifecycle.class));
            return new Provider() {
                @Override
                public String name() {
                    return provider.name();
                }

                @Override
                public Capabilities capabilities() {
                    return Capabilities.none().with(InstanceLifecycle.class, broken);
                }

                @Override
                public void close() {
                    provider.close();
                }
            };
        }
    }

    private static class Decorator implements InstanceLifecycle {
        final InstanceLifecycle real;

        Decorator(InstanceLifecycle real) {
            this.real = real;
        }

        @Override
        public Instance create(OperationToken token, InstanceRequest request) {
            return real.create(token, request);
        }

        @Override
        public Optional<Instance> find(InstanceRef ref) {
            return real.find(ref);
        }

        @Override
        public List<Instance> list() {
            return real.list();
        }

        @Override
        public void delete(OperationToken token, InstanceRef ref) {
            real.delete(token, ref);
        }
    }

    private static Kit kit(UnaryOperator<InstanceLifecycle> fault) {
        return new Kit(new InMemoryBench(), fault, Map.of());
    }

    private static void assertCaught(ThrowingCallable test) {
        assertThatThrownBy(test).isInstanceOfAny(AssertionError.class, RuntimeException.class);
    }

    @Test
    void aProviderThatForgetsItsTokens() {
        Kit kit =
                kit(real ->
                        new Decorator(real) {
                            @Override
                            public Instance create(OperationToken token, InstanceRequest request) {
                                return super.create(anyToken(), request);
                            }
                        });
        assertCaught(kit::aRepeatedCreateIsTheSameInstance);
        assertCaught(kit::aRepeatAfterReopeningIsTheSameInstance);
        assertCaught(kit::aCreateCutShortAnywhereIsFinishedByItsRepeat);
        assertCaught(kit::createsAtOnceUnderOneTokenMakeOneInstance);
    }

    @Test
    void aProviderThatDeletesNothing() {
        Kit kit =
                kit(real ->
                        new Decorator(real) {
                            @Override
                            public void delete(OperationToken token, InstanceRef ref) {}
                        });
        assertCaught(kit::deletesAnInstanceAndLeavesNothing);
        assertCaught(kit::aDeleteCutShortAnywhereIsListedUntilItsRepeatHasFinished);
        assertCaught(kit::anInterruptedDeleteIsFinishedByItsRepeat);
    }

    @Test
    void aProviderThatHidesWhatItMade() {
        Kit kit =
                kit(real ->
                        new Decorator(real) {
                            @Override
                            public List<Instance> list() {
                                return List.of();
                            }
                        });
        assertCaught(kit::createsAnInstanceThatFindAndListShow);
        assertCaught(kit::aCreateCutShortAnywhereIsListedAndCanBeDeleted);
    }

    @Test
    void aProviderThatShowsEveryonesInstances() {
        InMemoryBench bench = new InMemoryBench();
        Kit kit =
                new Kit(
                        bench,
                        real ->
                                new Decorator(real) {
                                    @Override
                                    public List<Instance> list() {
                                        return bench.cloud().instances();
                                    }
                                },
                        Map.of());
        assertCaught(kit::touchesNothingOfAnotherEngine);
    }

    @Test
    void aProviderThatTakesAForgedReferenceForTheRealOne() {
        Kit kit =
                kit(real ->
                        new Decorator(real) {
                            @Override
                            public Optional<Instance> find(InstanceRef ref) {
                                return super.find(new InstanceRef(ref.value().strip()));
                            }
                        });
        assertCaught(kit::aForgedReferenceFindsNothingAndDeletesNothing);
    }

    @Test
    void aDeviationThatIsNone() {
        Kit kit =
                new Kit(
                        new InMemoryBench(),
                        real -> real,
                        Map.of(Promise.ONE_INSTANCE_PER_MACHINE, "not so"));
        assertCaught(kit::refusesASecondInstanceForOneMachine);
    }
}
