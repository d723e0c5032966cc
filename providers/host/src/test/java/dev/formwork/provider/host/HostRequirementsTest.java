package dev.formwork.provider.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

class HostRequirementsTest {
    private static final HostCodes CODES =
            new HostCodes("acme", "acme.damaged", "acme.missing-program", "acme.needs-linux");

    @Test
    void saysThatItNeedsLinux(@TempDir Path notProc) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new HostRequirements(CODES, notProc, "/usr/bin").linux())
                .satisfies(e -> assertThat(e.code()).isEqualTo("acme.needs-linux"));
    }

    @Test
    void namesEveryProgramThatIsMissing(@TempDir Path empty) {
        HostRequirements host = new HostRequirements(CODES, Path.of("/proc"), ":" + empty);

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        host.programs(Map.of("setsid", "in util-linux", "flock", "there too")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("acme.missing-program"))
                .satisfies(e -> assertThat(e.problems()).hasSize(2))
                .withMessageContainingAll("setsid", "flock");
    }
}
