package dev.formwork.bench.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.report.Documents;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// That our server answers perfdhcp, and those that it is compared with where they are installed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DhcpIT {
    private Optional<DhcpReport> measured = Optional.empty();

    @BeforeAll
    void measure(@TempDir Path directory) throws Exception {
        Needs.nothing(Dhcp.missing());
        measured =
                Optional.of(
                        new Dhcp(new DhcpSizes(1, List.of(100), 1, 0, 0), System.out::println)
                                .measure(directory, "agents/bench/run dhcp"));
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void measuresWholeExchangesOf(DhcpContender contender) {
        Needs.nothing(contender.missing());

        assertThat(measured.orElseThrow().servers())
                .filteredOn(each -> each.server().equals(contender.title()))
                .singleElement()
                .satisfies(each -> assertThat(each.mostPerSecond().median()).isPositive());
    }

    @Test
    void saysWhatItMeasuredAndWhatIsMissing() {
        DhcpReport report = measured.orElseThrow();

        assertThat(report.servers().size() + report.missing().size()).isEqualTo(4);
        assertThat(Documents.json(report)).contains("\"without_loss_per_second\"");
        assertThat(report.text()).contains("formwork, no probes");
    }
}
