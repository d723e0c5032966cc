package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What [InstanceLifecycle] promises, in the quiet case. [InstanceCrashContract] has crashes,
/// interruption and many callers at once.
public interface InstanceLifecycleContract extends ProviderContract {
    private Provider open() {
        return bench().open(ENGINE);
    }

    private static InstanceLifecycle lifecycle(Provider provider) {
        return provider.capability(InstanceLifecycle.class);
    }

    @Test
    default void createsAnInstanceThatFindAndListShow() {
        try (Provider provider = open()) {
            InstanceLifecycle lifecycle = lifecycle(provider);
            InstanceRequest request = anyRequest();

            Instance made = lifecycle.create(anyToken(), request);

            assertThat(made.machine()).isEqualTo(request.machine());
            assertThat(made.name()).isEqualTo(request.name());
            assertThat(made.labels()).isEqualTo(request.labels());
            assertThat(made.state()).isIn(InstanceState.STARTING, InstanceState.RUNNING);
            assertThat(lifecycle.find(made.ref()).map(Instance::machine))
                    .contains(request.machine());
            assertThat(lifecycle.list()).extracting(Instance::ref).containsExactly(made.ref());
        }
    }

    @Test
    default void anEmptyPlaceListsNothing() {
        try (Provider provider = open()) {
            assertThat(lifecycle(provider).list()).isEmpty();
        }
    }

    @Test
    default void aRepeatedCreateIsTheSameInstance() {
        try (Provider provider = open()) {
            OperationToken token = anyToken();
            InstanceRequest request = anyRequest();

            Instance first = lifecycle(provider).create(token, request);
            Instance second = lifecycle(provider).create(token, request);

            assertThat(second.ref()).isEqualTo(first.ref());
            assertThat(second.createdAt()).isEqualTo(first.createdAt());
            assertThat(lifecycle(provider).list()).hasSize(1);
        }
    }

    @Test
    default void aRepeatAfterReopeningIsTheSameInstance() {
        OperationToken token = anyToken();
        InstanceRequest request = anyRequest();
        InstanceRef made;
        try (Provider provider = open()) {
            made = lifecycle(provider).create(token, request).ref();
        }
        try (Provider reopened = open()) {
            assertThat(lifecycle(reopened).create(token, request).ref()).isEqualTo(made);
            assertThat(lifecycle(reopened).list()).extracting(Instance::ref).containsExactly(made);
        }
    }

    @Test
    default void distinctTokensMakeDistinctInstances() {
        try (Provider provider = open()) {
            Instance first = lifecycle(provider).create(anyToken(), anyRequest());
            Instance second = lifecycle(provider).create(anyToken(), anyRequest());

            assertThat(second.ref()).isNotEqualTo(first.ref());
            if (first.address() != null && second.address() != null) {
                assertThat(second.address()).isNotEqualTo(first.address());
            }
            assertThat(lifecycle(provider).list())
                    .extracting(Instance::ref)
                    .containsExactlyInAnyOrder(first.ref(), second.ref());
        }
    }

    @Test
    default void refusesASecondInstanceForOneMachine() {
        try (Provider provider = open()) {
            InstanceRequest request = anyRequest();
            InstanceRef first = lifecycle(provider).create(anyToken(), request).ref();

            if (bench().deviations().containsKey(Promise.ONE_INSTANCE_PER_MACHINE)) {
                assertThat(lifecycle(provider).create(anyToken(), request).ref())
                        .as(bench().deviations().get(Promise.ONE_INSTANCE_PER_MACHINE))
                        .isNotEqualTo(first);
            } else {
                assertRefused(
                        ProviderCode.CONFLICT,
                        () -> lifecycle(provider).create(anyToken(), request));
                assertThat(lifecycle(provider).list()).hasSize(1);
            }
        }
    }

    @Test
    default void refusesATokenThatBelongsToAnotherMachine() {
        try (Provider provider = open()) {
            OperationToken token = anyToken();
            InstanceRef first = lifecycle(provider).create(token, anyRequest()).ref();

            if (bench().deviations().containsKey(Promise.ONE_MACHINE_PER_TOKEN)) {
                assertThat(lifecycle(provider).create(token, anyRequest()).ref())
                        .as(bench().deviations().get(Promise.ONE_MACHINE_PER_TOKEN))
                        .isEqualTo(first);
            } else {
                assertRefused(
                        ProviderCode.CONFLICT,
                        () -> lifecycle(provider).create(token, anyRequest()));
            }
            assertThat(lifecycle(provider).list()).extracting(Instance::ref).containsExactly(first);
        }
    }

    @Test
    default void deletesAnInstanceAndLeavesNothing() {
        try (Provider provider = open()) {
            Instance made = lifecycle(provider).create(anyToken(), anyRequest());
            assertThat(bench().remainsOf(made.machine())).isNotEmpty();

            lifecycle(provider).delete(anyToken(), made.ref());

            assertThat(lifecycle(provider).find(made.ref())).isEmpty();
            assertThat(lifecycle(provider).list()).isEmpty();
            assertThat(bench().remainsOf(made.machine())).isEmpty();
        }
    }

    @Test
    default void deletingWhatIsGoneSucceeds() {
        try (Provider provider = open()) {
            Instance kept = lifecycle(provider).create(anyToken(), anyRequest());
            Instance gone = lifecycle(provider).create(anyToken(), anyRequest());
            OperationToken token = anyToken();

            lifecycle(provider).delete(token, gone.ref());
            lifecycle(provider).delete(token, gone.ref());
            lifecycle(provider).delete(anyToken(), gone.ref());

            assertThat(lifecycle(provider).list())
                    .extracting(Instance::ref)
                    .containsExactly(kept.ref());
        }
    }

    @Test
    default void aForgedReferenceFindsNothingAndDeletesNothing() {
        try (Provider provider = open()) {
            Instance kept = lifecycle(provider).create(anyToken(), anyRequest());
            String real = kept.ref().value();
            for (String forged :
                    List.of(
                            "x",
                            "..",
                            ".",
                            "/",
                            "../../../../etc",
                            "*",
                            "$(reboot)",
                            "; reboot",
                            "' or 1=1",
                            "%2e%2e%2f",
                            " " + real,
                            real + " ",
                            real + "0",
                            real + "/..",
                            "a".repeat(512))) {
                InstanceRef ref = new InstanceRef(forged);
                assertThat(lifecycle(provider).find(ref)).as(forged).isEmpty();
                lifecycle(provider).delete(anyToken(), ref);
            }
            assertThat(lifecycle(provider).find(kept.ref())).isPresent();
            assertThat(bench().remainsOf(kept.machine())).isNotEmpty();
        }
    }

    @Test
    default void touchesNothingOfAnotherEngine() {
        try (Provider ours = open();
                Provider theirs = bench().open(OTHER_ENGINE)) {
            Instance mine = lifecycle(ours).create(anyToken(), anyRequest());
            Instance other = lifecycle(theirs).create(anyToken(), anyRequest());

            assertThat(lifecycle(ours).list())
                    .extracting(Instance::ref)
                    .containsExactly(mine.ref());
            assertThat(lifecycle(theirs).list())
                    .extracting(Instance::ref)
                    .containsExactly(other.ref());
            assertThat(lifecycle(ours).find(other.ref())).isEmpty();

            lifecycle(ours).delete(anyToken(), other.ref());

            // It may have come up meanwhile.
            assertThat(lifecycle(theirs).find(other.ref()).map(Instance::state))
                    .isPresent()
                    .isNotEqualTo(Optional.of(InstanceState.DELETING));
        }
    }

    @Test
    default void anOldReferenceNeverReachesALaterInstance() {
        try (Provider provider = open()) {
            InstanceRequest request = anyRequest();
            InstanceRef old = lifecycle(provider).create(anyToken(), request).ref();
            lifecycle(provider).delete(anyToken(), old);
            InstanceRef later = lifecycle(provider).create(anyToken(), request).ref();

            lifecycle(provider).delete(anyToken(), old);

            assertThat(later).isNotEqualTo(old);
            assertThat(lifecycle(provider).find(old)).isEmpty();
            assertThat(lifecycle(provider).find(later)).isPresent();
        }
    }

    @Test
    default void keepsTheLongestNamesAndTheOddestLabels() {
        try (Provider provider = open()) {
            InstanceRequest request =
                    new InstanceRequest(
                            new MachineId("M" + "9".repeat(127)),
                            "a" + "-0".repeat(31),
                            new BootToken("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
                            Map.of(
                                    "formwork/odd",
                                    "' \" $(id) `id` \\ ; {{ }} <b> é 漢字 \uD83D\uDE80",
                                    "empty",
                                    "",
                                    "long",
                                    "x".repeat(255)),
                            bench().spec());
            InstanceRef made = lifecycle(provider).create(anyToken(), request).ref();

            Instance found = lifecycle(provider).find(made).orElseThrow();

            assertThat(found.machine()).isEqualTo(request.machine());
            assertThat(found.name()).isEqualTo(request.name());
            assertThat(found.labels()).isEqualTo(request.labels());
            lifecycle(provider).delete(anyToken(), made);
            assertThat(bench().remainsOf(request.machine())).isEmpty();
        }
    }

    @Test
    default void refusesAnUnknownKeyOfTheSpecBeforeAnythingIsMade() {
        try (Provider provider = open()) {
            InstanceRequest good = anyRequest();
            InstanceRequest wrong =
                    new InstanceRequest(
                            good.machine(),
                            good.name(),
                            good.bootToken(),
                            good.labels(),
                            Value.of(Map.of("no_such_key_at_all", Value.of(1))));

            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle(provider).create(anyToken(), wrong))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-spec"))
                    .withMessageContaining("no_such_key_at_all");
            assertThat(lifecycle(provider).list()).isEmpty();
            assertThat(bench().remainsOf(good.machine())).isEmpty();
        }
    }

    @Test
    default void aClosedProviderRefusesAndItsInstancesLiveOn() {
        Provider provider = open();
        InstanceLifecycle lifecycle = lifecycle(provider);
        InstanceRef made = lifecycle.create(anyToken(), anyRequest()).ref();

        provider.close();
        provider.close();

        assertRefused(ProviderCode.CLOSED, () -> lifecycle.create(anyToken(), anyRequest()));
        assertRefused(ProviderCode.CLOSED, () -> lifecycle.find(made));
        assertRefused(ProviderCode.CLOSED, lifecycle::list);
        assertRefused(ProviderCode.CLOSED, () -> lifecycle.delete(anyToken(), made));
        try (Provider reopened = open()) {
            assertThat(lifecycle(reopened).find(made)).isPresent();
        }
    }
}
