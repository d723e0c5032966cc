package dev.formwork.bench.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.report.Documents;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// That the bare kernel boots and asks. That the container OS does is what `ImageIT` tests.
class BootIT {
    /// The packages that `ImageIT` has fetched need not be fetched again.
    private static final Path WORKSHOP = Path.of("../image/target").toAbsolutePath().normalize();

    private static final Path AGENT = Path.of("../host/target/app/lib");

    @TempDir Path directory;

    @Test
    void measuresFromPowerOnToTheFirstRequest() throws Exception {
        Needs.nothing(Boot.missing());
        BootReport report =
                new Boot(
                                new BootSizes(List.of(Systems.BARE), 1, 256),
                                WORKSHOP,
                                AGENT,
                                System.out::println)
                        .measure(directory, "agents/bench/run boot");

        assertThat(report.systems().getFirst().first().median())
                .isGreaterThan(report.systems().getFirst().kernel().median());
        assertThat(report.overBare()).isEmpty();
        assertThat(Documents.json(report)).contains("\"initrd_megabytes\"");
        assertThat(report.text()).contains("first request");
        assertThat(directory).isEmptyDirectory();
    }
}
