package dev.formwork.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class OptionsTest {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    @Test
    void takesANameAndWhatIsSaidAroundIt() {
        assertThat(Options.parse(List.of("dhcp")))
                .contains(new Options("dhcp", false, false, TEMPORARY));
        assertThat(Options.parse(List.of("--json", "dhcp", "--directory", "/data", "--quick")))
                .contains(new Options("dhcp", true, true, Path.of("/data")));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(Options.parse(List.of())).isEmpty();
        assertThat(Options.parse(List.of("dhcp", "transfer"))).isEmpty();
        assertThat(Options.parse(List.of("dhcp", "--quickly"))).isEmpty();
        assertThat(Options.parse(List.of("dhcp", "--directory"))).isEmpty();
    }
}
