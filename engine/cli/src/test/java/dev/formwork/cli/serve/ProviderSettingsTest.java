package dev.formwork.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

class ProviderSettingsTest {
    @TempDir private Path folder;

    @Test
    void readsProvidersByNameAndSaysWhereMachinesAre() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("providers.yaml"),
                        """
                        lab: {type: qemu, network: bridge, bridge: br0}
                        qemu: {directory: /srv/vms}
                        """);

        Map<String, Value.Struct> read =
                ProviderSettings.read(Optional.of(file), Optional.of(Path.of("/srv/machines")));

        assertThat(read).containsOnlyKeys("lab", "local", "qemu");
        assertThat(read.get("lab"))
                .isEqualTo(
                        Value.of(
                                Map.of(
                                        "type", Value.of("qemu"),
                                        "network", Value.of("bridge"),
                                        "bridge", Value.of("br0"))));
        assertThat(read.get("local"))
                .isEqualTo(Value.of(Map.of("directory", Value.of("/srv/machines"))));
        assertThat(read.get("qemu")).isEqualTo(Value.of(Map.of("directory", Value.of("/srv/vms"))));
        assertThat(ProviderSettings.read(Optional.empty(), Optional.empty())).isEmpty();
    }

    @Test
    void refusesWhatIsNoFileOfProviders() throws Exception {
        refused(folder.resolve("nothing"), "cli.unreadable-file");
        refused(Files.writeString(folder.resolve("list"), "[lab]"), "cli.bad-value");
        refused(Files.writeString(folder.resolve("word"), "lab: qemu"), "cli.bad-value");
    }

    private static void refused(Path file, String code) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ProviderSettings.read(Optional.of(file), Optional.empty()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
