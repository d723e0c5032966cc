package dev.formwork.provider.gce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.gce.GceSettings.Login;
import dev.formwork.provider.tck.InMemoryRecords;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

class GceSettingsTest {
    private static GceSettings read(Map<String, Value> config, Map<String, String> environment) {
        return GceSettings.read(
                new ProviderContext(
                        "gce",
                        new EngineId("engine"),
                        Path.of("/data"),
                        Value.of(config),
                        URI.create("http://127.0.0.1:1"),
                        Optional.empty(),
                        List.of(),
                        AgentLaunch.java(Path.of("/java"), Path.of("/agent")),
                        AgentInstall.NONE,
                        new InMemoryRecords(),
                        Clock.systemUTC(),
                        new Random(1)),
                environment);
    }

    @Test
    void needsNoSettings() {
        assertThat(read(Map.of(), Map.of()))
                .isEqualTo(
                        new GceSettings(
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                new Login.ApplicationDefault(),
                                GceSettings.AddressKind.PRIVATE,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(300)));
        assertThat(read(Map.of(), Map.of("GOOGLE_CLOUD_PROJECT", "mine")).project())
                .contains("mine");
    }

    @Test
    void readsWhatIsSaid() {
        GceSettings settings =
                read(
                        Map.of(
                                "project", Value.of("theirs"),
                                "zone", Value.of("us-east1-b"),
                                "credentials_file", Value.of("key.json"),
                                "endpoint", Value.of("https://compute.example:8443")),
                        Map.of("GOOGLE_CLOUD_PROJECT", "mine"));

        assertThat(settings.project()).contains("theirs");
        assertThat(settings.zones()).containsExactly("us-east1-b");
        assertThat(settings.credentials()).isEqualTo(new Login.FromFile(Path.of("/data/key.json")));
        assertThat(settings.endpoint()).contains(URI.create("https://compute.example:8443"));
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        read(
                                Map.of(
                                        "project", Value.of("No Project"),
                                        "zones", Value.of(List.of(Value.of("../x"))),
                                        "credentials", Value.of("none"),
                                        "address", Value.of("both"),
                                        "endpoint", Value.of("ftp://x"),
                                        "regoin", Value.of("x")),
                                Map.of()))
                .satisfies(e -> assertThat(e.problems()).hasSize(6));
    }
}
