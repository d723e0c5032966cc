package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.value.Value;
import dev.formwork.provider.BiosAttributes;
import dev.formwork.provider.FirmwareComponent;
import dev.formwork.provider.FirmwareControl;
import dev.formwork.provider.FirmwareUpdate;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What [FirmwareControl] promises, for a provider that offers [InstanceLifecycle] and
/// [PowerControl] too.
public interface FirmwareControlContract extends ProviderContract {
    /// An image for the first component that may be updated.
    URI firmwareImage();

    /// A version that the first such component has after it.
    String versionAfterwards();

    /// A setting of the BIOS that is otherwise in a new machine.
    Map.Entry<String, Value> otherBios();

    @Test
    default void replacesFirmwareAndSaysHowFarItIs() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            FirmwareComponent component = updateable(provider, ref);
            assertThat(component.version()).isNotEqualTo(versionAfterwards());

            FirmwareUpdate begun =
                    firmware(provider)
                            .update(anyToken(), ref, firmwareImage(), Set.of(component.id()));

            Eventually.holds(
                    "the update is done",
                    () ->
                            firmware(provider).progress(ref, begun.id()).state()
                                    == FirmwareUpdate.State.DONE);
            assertThat(updateable(provider, ref).version()).isEqualTo(versionAfterwards());
            assertThat(firmware(provider).firmware(ref))
                    .extracting(FirmwareComponent::id)
                    .doesNotHaveDuplicates()
                    .contains(component.id());
        }
    }

    @Test
    default void aRepeatIsToldHowFarTheUpdateIs() {
        InstanceRef ref;
        OperationToken token = anyToken();
        FirmwareUpdate begun;
        try (Provider provider = bench().open(ENGINE)) {
            ref = made(provider);
            begun = firmware(provider).update(token, ref, firmwareImage(), Set.of());
            assertThat(firmware(provider).update(token, ref, firmwareImage(), Set.of()).id())
                    .isEqualTo(begun.id());
        }
        try (Provider reopened = bench().open(ENGINE)) {
            assertThat(firmware(reopened).update(token, ref, firmwareImage(), Set.of()).id())
                    .isEqualTo(begun.id());
            assertThat(firmware(reopened).progress(ref, begun.id()).id()).isEqualTo(begun.id());
        }
    }

    @Test
    default void refusesWhatIsNotThere() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            FirmwareControl firmware = firmware(provider);
            List<FirmwareComponent> before = firmware.firmware(ref);

            assertRefused(
                    ProviderCode.CONFLICT,
                    () ->
                            firmware.update(
                                    anyToken(), ref, firmwareImage(), Set.of("no-such-component")));
            assertRefused(
                    ProviderCode.CONFLICT,
                    () ->
                            firmware.update(
                                    anyToken(),
                                    ref,
                                    URI.create("http://user:secret@images.example/bmc.img"),
                                    Set.of()));
            assertRefused(ProviderCode.CONFLICT, () -> firmware.progress(ref, "no-such-update"));
            assertThat(firmware.firmware(ref)).isEqualTo(before);
        }
    }

    @Test
    default void aSettingOfTheBiosHoldsFromTheNextResetOn() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            FirmwareControl firmware = firmware(provider);
            String name = otherBios().getKey();
            Value wanted = otherBios().getValue();
            BiosAttributes before = firmware.bios(ref);
            assertThat(before.current()).containsKey(name).doesNotContainEntry(name, wanted);
            assertThat(before.pending()).isEmpty();

            firmware.setBios(anyToken(), ref, Map.of(name, wanted));
            firmware.setBios(anyToken(), ref, Map.of(name, wanted));

            assertThat(firmware.bios(ref))
                    .isEqualTo(new BiosAttributes(before.current(), Map.of(name, wanted)));
            provider.capability(PowerControl.class).reset(anyToken(), ref);
            assertThat(firmware.bios(ref).current()).containsEntry(name, wanted);
            assertThat(firmware.bios(ref).pending()).isEmpty();
        }
    }

    @Test
    default void allSettingsOfTheBiosOrNone() {
        try (Provider provider = bench().open(ENGINE)) {
            InstanceRef ref = made(provider);
            FirmwareControl firmware = firmware(provider);
            String name = otherBios().getKey();

            assertRefused(
                    ProviderCode.CONFLICT,
                    () ->
                            firmware.setBios(
                                    anyToken(),
                                    ref,
                                    Map.of(
                                            name,
                                            otherBios().getValue(),
                                            "NoSuchSetting",
                                            Value.of(1))));
            assertRefused(
                    ProviderCode.CONFLICT,
                    () -> firmware.setBios(anyToken(), ref, Map.of(name, Value.of(List.of()))));
            assertThat(firmware.bios(ref).pending()).isEmpty();
        }
    }

    @Test
    default void changesNoFirmwareThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            InstanceRef other = made(theirs);
            List<FirmwareComponent> before = firmware(theirs).firmware(other);
            FirmwareControl firmware = firmware(ours);

            for (InstanceRef ref : new InstanceRef[] {other, new InstanceRef("no-such-instance")}) {
                assertRefused(ProviderCode.NOT_FOUND, () -> firmware.firmware(ref));
                assertRefused(ProviderCode.NOT_FOUND, () -> firmware.bios(ref));
                assertRefused(ProviderCode.NOT_FOUND, () -> firmware.progress(ref, "1"));
                assertRefused(
                        ProviderCode.NOT_FOUND,
                        () -> firmware.update(anyToken(), ref, firmwareImage(), Set.of()));
                assertRefused(
                        ProviderCode.NOT_FOUND,
                        () ->
                                firmware.setBios(
                                        anyToken(),
                                        ref,
                                        Map.of(otherBios().getKey(), otherBios().getValue())));
            }
            assertThat(firmware(theirs).firmware(other)).isEqualTo(before);
            assertThat(firmware(theirs).bios(other).pending()).isEmpty();
        }
    }

    private static FirmwareComponent updateable(Provider provider, InstanceRef ref) {
        return firmware(provider).firmware(ref).stream()
                .filter(FirmwareComponent::isUpdateable)
                .findFirst()
                .orElseThrow();
    }

    private static FirmwareControl firmware(Provider provider) {
        return provider.capability(FirmwareControl.class);
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
