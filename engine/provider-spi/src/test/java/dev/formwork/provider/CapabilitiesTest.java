package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static final class Switch implements PowerControl {
        @Override
        public PowerState power(InstanceRef ref) {
            return PowerState.OFF;
        }

        @Override
        public void powerOn(OperationToken token, InstanceRef ref) {}

        @Override
        public void powerOff(OperationToken token, InstanceRef ref) {}

        @Override
        public void reset(OperationToken token, InstanceRef ref) {}
    }

    private static Provider provider(Capabilities capabilities) {
        return new Provider() {
            @Override
            public String name() {
                return "rack-7";
            }

            @Override
            public Capabilities capabilities() {
                return capabilities;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void givesTheCapabilityThatWasAdded() {
        Switch power = new Switch();
        Provider provider = provider(Capabilities.none().with(PowerControl.class, power));

        assertThat(provider.capability(PowerControl.class)).isSameAs(power);
        assertThat(provider.capabilities().kinds()).containsExactly(PowerControl.class);
        assertThat(provider.capabilities().offers(PowerControl.class)).isTrue();
    }

    @Test
    void refusesTheRestAndNamesWhatIsOffered() {
        Provider provider = provider(Capabilities.none().with(PowerControl.class, new Switch()));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> provider.capability(InstanceLifecycle.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.unsupported"))
                .withMessageContainingAll("rack-7", "InstanceLifecycle", "offers PowerControl");
    }

    @Test
    void sameWordsWhereNothingIsOffered() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> provider(Capabilities.none()).capability(PowerControl.class))
                .withMessageContaining("offers nothing");
    }

    @Test
    void isAskedByInterfaceOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Capabilities.none().with(Switch.class, new Switch()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Capabilities.none().with(Capability.class, new Switch()));
    }
}
