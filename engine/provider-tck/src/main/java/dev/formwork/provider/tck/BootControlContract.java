package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.BootControl;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootSetting;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/// What [BootControl] promises, for a provider that offers [InstanceLifecycle] and [PowerControl]
/// too. That a machine really boots so is for the provider's own tests.
public interface BootControlContract extends ProviderContract {
    @Test
    default void remembersWhatItAlwaysBootsFrom() {
        InstanceRef ref;
        try (Provider provider = bench().open(ENGINE)) {
            ref = made(provider);
            for (BootDevice device : List.of(BootDevice.NETWORK, BootDevice.DISK)) {
                boot(provider).bootAlways(anyToken(), ref, device);
                boot(provider).bootAlways(anyToken(), ref, device);
                assertThat(boot(provider).bootSetting(ref))
                        .isEqualTo(new BootSetting(device, Optional.empty()));
            }
        }
        try (Provider reopened = bench().open(ENGINE)) {
            reopened.capability(PowerControl.class).reset(anyToken(), ref);
            assertThat(boot(reopened).bootSetting(ref).always()).isEqualTo(BootDevice.DISK);
        }
    }

    @Test
    default void onceIsUsedUpByAReset() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            boot(provider).bootAlways(anyToken(), ref, BootDevice.NETWORK);
            boot(provider).bootOnce(anyToken(), ref, BootDevice.NETWORK);
            boot(provider).bootOnce(anyToken(), ref, BootDevice.DISK);
            assertThat(boot(provider).bootSetting(ref))
                    .isEqualTo(new BootSetting(BootDevice.NETWORK, Optional.of(BootDevice.DISK)));

            provider.capability(PowerControl.class).reset(anyToken(), ref);

            assertThat(boot(provider).bootSetting(ref))
                    .isEqualTo(new BootSetting(BootDevice.NETWORK, Optional.empty()));
        }
    }

    @Test
    default void whatIsSetWhileAMachineIsOffIsUsedUpWhenItIsSwitchedOn() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            PowerControl power = provider.capability(PowerControl.class);
            power.powerOff(anyToken(), ref);
            boot(provider).bootAlways(anyToken(), ref, BootDevice.DISK);
            boot(provider).bootOnce(anyToken(), ref, BootDevice.NETWORK);
            assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
            assertThat(boot(provider).bootSetting(ref))
                    .isEqualTo(new BootSetting(BootDevice.DISK, Optional.of(BootDevice.NETWORK)));

            power.powerOn(anyToken(), ref);

            assertThat(boot(provider).bootSetting(ref))
                    .isEqualTo(new BootSetting(BootDevice.DISK, Optional.empty()));
        }
    }

    @Test
    default void setsNothingThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            InstanceRef other = made(theirs);
            BootSetting before = boot(theirs).bootSetting(other);
            BootControl boot = boot(ours);

            for (InstanceRef ref : new InstanceRef[] {other, new InstanceRef("no-such-instance")}) {
                assertRefused(ProviderCode.NOT_FOUND, () -> boot.bootSetting(ref));
                for (BootDevice device : BootDevice.values()) {
                    assertRefused(
                            ProviderCode.NOT_FOUND, () -> boot.bootAlways(anyToken(), ref, device));
                    assertRefused(
                            ProviderCode.NOT_FOUND, () -> boot.bootOnce(anyToken(), ref, device));
                }
            }
            assertThat(boot(theirs).bootSetting(other)).isEqualTo(before);
        }
    }

    private static BootControl boot(Provider provider) {
        return provider.capability(BootControl.class);
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
