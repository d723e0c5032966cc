package dev.formwork.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

class OptionsTest {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    @Test
    void takesANameAndWhatIsSaidAroundIt() {
        assertThat(Options.parse(List.of("dhcp")))
                .contains(new Options("dhcp", false, false, TEMPORARY, Map.of()));
        assertThat(Options.parse(List.of("--json", "dhcp", "--directory", "/data", "--quick")))
                .contains(new Options("dhcp", true, true, Path.of("/data"), Map.of()));
    }

    @Test
    void takesSizesWhereTheyAreKnown() {
        Set<String> known = Set.of("--machines");
        assertThat(Options.parse(List.of("lifecycle", "--machines", "20"), known))
                .contains(
                        new Options(
                                "lifecycle", false, false, TEMPORARY, Map.of("--machines", 20)));
        for (String no : List.of("0", "-1", "many", "1000000")) {
            assertThat(Options.parse(List.of("lifecycle", "--machines", no), known)).isEmpty();
        }
        assertThat(Options.parse(List.of("lifecycle", "--machines"), known)).isEmpty();
        assertThat(Options.parse(List.of("lifecycle", "--machines", "20"))).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(Options.parse(List.of())).isEmpty();
        assertThat(Options.parse(List.of("dhcp", "transfer"))).isEmpty();
        assertThat(Options.parse(List.of("dhcp", "--quickly"))).isEmpty();
        assertThat(Options.parse(List.of("dhcp", "--directory"))).isEmpty();
    }
}
