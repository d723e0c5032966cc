package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.Identify;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// What [Identify] promises, for a provider that offers [InstanceLifecycle] too.
public interface IdentifyContract extends ProviderContract {
    /// Whether the light of an instance blinks now, seen without the provider.
    boolean blinks(InstanceRef ref);

    @Test
    default void aLightBlinksUntilItIsPutOut() {
        try (Provider provider = bench().open(ENGINE)) {
            Identify identify = provider.capability(Identify.class);
            InstanceRef ref = made(provider);

            identify.identify(anyToken(), ref, Identify.LONGEST);
            identify.identify(anyToken(), ref, Identify.LONGEST);
            assertThat(blinks(ref)).isTrue();

            identify.identify(anyToken(), ref, Duration.ZERO);
            assertThat(blinks(ref)).isFalse();
        }
    }

    @Test
    default void noLightBlinksThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            Identify identify = ours.capability(Identify.class);
            InstanceRef other = made(theirs);
            for (InstanceRef ref : List.of(other, new InstanceRef("no-such-instance"))) {
                assertRefused(
                        ProviderCode.NOT_FOUND,
                        () -> identify.identify(anyToken(), ref, Identify.LONGEST));
            }
            assertThat(blinks(other)).isFalse();
        }
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
