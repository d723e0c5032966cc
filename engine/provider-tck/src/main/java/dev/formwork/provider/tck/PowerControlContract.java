package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

/// What [PowerControl] promises, for a provider that offers [InstanceLifecycle] too.
public interface PowerControlContract extends ProviderContract {
    @Test
    default void aNewInstanceIsOn() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);

            assertThat(provider.capability(PowerControl.class).power(ref)).isEqualTo(PowerState.ON);
        }
    }

    @Test
    default void whatIsSwitchedOffStaysOffUntilItIsSwitchedOn() {
        InstanceRef ref;
        try (Provider provider = bench().open(ENGINE)) {
            ref = made(provider);
            PowerControl power = provider.capability(PowerControl.class);
            power.powerOff(anyToken(), ref);
            power.powerOff(anyToken(), ref);
            assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
        }
        try (Provider reopened = bench().open(ENGINE)) {
            PowerControl power = reopened.capability(PowerControl.class);
            InstanceLifecycle lifecycle = reopened.capability(InstanceLifecycle.class);
            assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
            assertThat(lifecycle.find(ref).map(Instance::state)).contains(InstanceState.STOPPED);

            power.powerOn(anyToken(), ref);
            power.powerOn(anyToken(), ref);

            assertThat(power.power(ref)).isEqualTo(PowerState.ON);
        }
    }

    @Test
    default void resetsAMachineThatIsOnAndNoOther() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            PowerControl power = provider.capability(PowerControl.class);

            power.reset(anyToken(), ref);
            assertThat(power.power(ref)).isEqualTo(PowerState.ON);

            power.powerOff(anyToken(), ref);
            assertRefused(ProviderCode.CONFLICT, () -> power.reset(anyToken(), ref));
            assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
        }
    }

    @Test
    default void anInstanceThatIsOffCanBeDeleted() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            provider.capability(PowerControl.class).powerOff(anyToken(), ref);

            provider.capability(InstanceLifecycle.class).delete(anyToken(), ref);

            assertThat(provider.capability(InstanceLifecycle.class).list()).isEmpty();
        }
    }

    @Test
    default void switchesNothingThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            PowerControl power = ours.capability(PowerControl.class);
            InstanceRef other = made(theirs);
            InstanceRef unknown = new InstanceRef("no-such-instance");

            for (InstanceRef ref : new InstanceRef[] {other, unknown}) {
                assertRefused(ProviderCode.NOT_FOUND, () -> power.power(ref));
                assertRefused(ProviderCode.NOT_FOUND, () -> power.powerOn(anyToken(), ref));
                assertRefused(ProviderCode.NOT_FOUND, () -> power.powerOff(anyToken(), ref));
                assertRefused(ProviderCode.NOT_FOUND, () -> power.reset(anyToken(), ref));
            }
            assertThat(theirs.capability(PowerControl.class).power(other)).isEqualTo(PowerState.ON);
        }
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
