package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

final class SettingsTest {
    @Test
    void hasDefaults() throws Settings.InvalidException {
        assertThat(
                        Settings.from(
                                Map.of(
                                        "FORMWORK_ENGINE_URL", "https://engine:8443",
                                        "FORMWORK_AGENT_DIR", "/var/lib/formwork")))
                .isEqualTo(
                        new Settings(
                                URI.create("https://engine:8443"),
                                Path.of("/var/lib/formwork"),
                                null,
                                null,
                                "systemctl reboot",
                                "systemctl poweroff",
                                null,
                                null,
                                null));
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(Settings.InvalidException.class)
                .isThrownBy(() -> Settings.from(Map.of("FORMWORK_ENGINE_URL", "ftp://x")))
                .withMessageContaining("FORMWORK_ENGINE_URL is not an http or https URL: ftp://x")
                .withMessageContaining("FORMWORK_AGENT_DIR is not set");
    }
}
