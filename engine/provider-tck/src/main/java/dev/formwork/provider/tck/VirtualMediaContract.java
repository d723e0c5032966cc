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
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.VirtualMedia;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.Optional;

/// What [VirtualMedia] promises, for a provider that offers [InstanceLifecycle], [PowerControl] and
/// [BootControl] too. That a machine really boots from it is for the provider's own tests.
public interface VirtualMediaContract extends ProviderContract {
    URI IMAGE = URI.create("http://images.example/rescue.iso");
    URI OTHER_IMAGE = URI.create("https://images.example:8443/other.iso?version=2");

    @Test
    default void insertsAnImageAndNoOther() {
        InstanceRef ref;
        try (Provider provider = bench().open(ENGINE)) {
            ref = made(provider);
            assertThat(media(provider).inserted(ref)).isEmpty();
            for (URI image : new URI[] {IMAGE, OTHER_IMAGE}) {
                media(provider).insert(anyToken(), ref, image);
                media(provider).insert(anyToken(), ref, image);
                assertThat(media(provider).inserted(ref)).contains(image);
            }
        }
        try (Provider reopened = bench().open(ENGINE)) {
            assertThat(media(reopened).inserted(ref)).contains(OTHER_IMAGE);

            media(reopened).eject(anyToken(), ref);
            media(reopened).eject(anyToken(), ref);

            assertThat(media(reopened).inserted(ref)).isEmpty();
        }
    }

    @Test
    default void bootsFromItOnceAndNotAlways() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            BootControl boot = provider.capability(BootControl.class);
            boot.bootAlways(anyToken(), ref, BootDevice.DISK);
            media(provider).insert(anyToken(), ref, IMAGE);

            boot.bootOnce(anyToken(), ref, BootDevice.MEDIA);

            assertThat(boot.bootSetting(ref))
                    .isEqualTo(new BootSetting(BootDevice.DISK, Optional.of(BootDevice.MEDIA)));
            provider.capability(PowerControl.class).reset(anyToken(), ref);
            assertThat(boot.bootSetting(ref))
                    .isEqualTo(new BootSetting(BootDevice.DISK, Optional.empty()));
            assertRefused(
                    ProviderCode.UNSUPPORTED,
                    () -> boot.bootAlways(anyToken(), ref, BootDevice.MEDIA));
            assertThat(boot.bootSetting(ref).always()).isEqualTo(BootDevice.DISK);
        }
    }

    @Test
    default void refusesWhatIsNoImageOrHasASecretInIt() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            media(provider).insert(anyToken(), ref, IMAGE);
            for (String wrong :
                    new String[] {
                        "file:///etc/passwd",
                        "rescue.iso",
                        "//images.example/rescue.iso",
                        "ftp://images.example/rescue.iso",
                        "http://user:secret@images.example/rescue.iso",
                        "http:///rescue.iso",
                        "http://images.example/" + "x".repeat(1024)
                    }) {
                assertRefused(
                        ProviderCode.CONFLICT,
                        () -> media(provider).insert(anyToken(), ref, URI.create(wrong)));
            }
            assertThat(media(provider).inserted(ref)).contains(IMAGE);
        }
    }

    @Test
    default void insertsNothingIntoWhatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            InstanceRef other = made(theirs);
            media(theirs).insert(anyToken(), other, IMAGE);
            VirtualMedia media = media(ours);

            for (InstanceRef ref : new InstanceRef[] {other, new InstanceRef("no-such-instance")}) {
                assertRefused(ProviderCode.NOT_FOUND, () -> media.inserted(ref));
                assertRefused(
                        ProviderCode.NOT_FOUND, () -> media.insert(anyToken(), ref, OTHER_IMAGE));
                assertRefused(ProviderCode.NOT_FOUND, () -> media.eject(anyToken(), ref));
            }
            assertThat(media(theirs).inserted(other)).contains(IMAGE);
        }
    }

    private static VirtualMedia media(Provider provider) {
        return provider.capability(VirtualMedia.class);
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
