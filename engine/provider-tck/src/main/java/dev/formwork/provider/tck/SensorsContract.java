package dev.formwork.provider.tck;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.Sensors;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What [Sensors] promise, for a provider that offers [InstanceLifecycle] too.
public interface SensorsContract extends ProviderContract {
    @Test
    default void saysWhatAMachineMeasures() {
        try (Provider provider = bench().open(ENGINE)) {
            List<SensorReading> found = provider.capability(Sensors.class).sensors(made(provider));

            assertThat(found)
                    .isNotEmpty()
                    .allSatisfy(reading -> {
                        assertThat(reading.name()).isNotBlank();
                        assertThat(reading.value().isPresent() || reading.unit().isEmpty())
                                .as("a unit is of a value: %s", reading)
                                .isTrue();
                    })
                    .anySatisfy(reading -> assertThat(reading.value()).isPresent());
        }
    }

    @Test
    default void readsNoSensorThatIsNotOurs() {
        try (Provider ours = bench().open(ENGINE);
                Provider theirs = bench().open(OTHER_ENGINE)) {
            Sensors sensors = ours.capability(Sensors.class);
            for (InstanceRef ref : List.of(made(theirs), new InstanceRef("no-such-instance"))) {
                assertRefused(ProviderCode.NOT_FOUND, () -> sensors.sensors(ref));
            }
        }
    }

    private InstanceRef made(Provider provider) {
        return provider.capability(InstanceLifecycle.class).create(anyToken(), anyRequest()).ref();
    }
}
