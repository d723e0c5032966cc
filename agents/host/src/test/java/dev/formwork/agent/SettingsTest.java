package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
                                List.of(URI.create("https://engine:8443")),
                                Path.of("/var/lib/formwork"),
                                null,
                                null,
                                "systemctl reboot",
                                "systemctl poweroff",
                                null,
                                null,
                                null,
                                null,
                                null));
    }

    @Test
    void takesSeveralEnginesWithCommasBetween() throws Settings.InvalidException {
        assertThat(
                        Settings.from(
                                        Map.of(
                                                "FORMWORK_ENGINE_URL",
                                                "https://a:1/, https://b/x//,https://a:1",
                                                "FORMWORK_AGENT_DIR",
                                                "/var/lib/formwork"))
                                .engines())
                .containsExactly(URI.create("https://a:1"), URI.create("https://b/x"));
    }

    @Test
    void refusesEachUrlThatIsNone() {
        assertThatExceptionOfType(Settings.InvalidException.class)
                .isThrownBy(() ->
                        Settings.from(Map.of("FORMWORK_ENGINE_URL", "http://a,,http://u@b,c")))
                .withMessageContaining("URL: \n")
                .withMessageContaining("URL: http://u@b")
                .withMessageContaining("URL: c");
        String many =
                IntStream.rangeClosed(1, 17)
                        .mapToObj(i -> "http://e" + i)
                        .collect(Collectors.joining(","));
        assertThatExceptionOfType(Settings.InvalidException.class)
                .isThrownBy(() -> Settings.from(Map.of("FORMWORK_ENGINE_URL", many)))
                .withMessageContaining("more than 16 URLs");
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(Settings.InvalidException.class)
                .isThrownBy(() -> Settings.from(Map.of("FORMWORK_ENGINE_URL", "ftp://x")))
                .withMessageContaining("FORMWORK_ENGINE_URL is not an http or https URL: ftp://x")
                .withMessageContaining("FORMWORK_AGENT_DIR is not set");
    }
}
