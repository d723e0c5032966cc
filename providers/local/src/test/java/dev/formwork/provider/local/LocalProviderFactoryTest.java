package dev.formwork.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.tck.InMemoryRecords;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;

class LocalProviderFactoryTest {
    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(ProviderFactory.class))
                .extracting(ProviderFactory::type)
                .contains("local");
    }

    @Test
    void refusesAllThatIsWrongWithTheConfigurationTogether() {
        ProviderContext context =
                new ProviderContext(
                        "local",
                        new EngineId("e-1"),
                        Path.of("/nowhere"),
                        Value.of(
                                Map.of(
                                        "cahce", Value.of("/tmp"),
                                        "grace_seconds", Value.of(-1))),
                        URI.create("http://127.0.0.1:8080/"),
                        Optional.empty(),
                        List.of(),
                        new AgentLaunch(List.of("/bin/true")),
                        AgentInstall.NONE,
                        new InMemoryRecords(),
                        Clock.systemUTC(),
                        new Random(1));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new LocalProviderFactory().open(context))
                .satisfies(e -> assertThat(e.code()).isEqualTo("provider.invalid-config"))
                .satisfies(e -> assertThat(e.problems()).hasSize(2));
    }
}
