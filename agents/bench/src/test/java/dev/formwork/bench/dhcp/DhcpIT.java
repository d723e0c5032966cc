package dev.formwork.bench.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.report.Documents;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// That our server answers perfdhcp, and those that it is compared with where they are installed.
class DhcpIT {
    @TempDir Path directory;

    @Test
    void measuresWholeExchanges() throws Exception {
        Needs.nothing(Dhcp.missing());
        DhcpReport report =
                new Dhcp(new DhcpSizes(1, List.of(100), 1, 0, 0), System.out::println)
                        .measure(directory, "agents/bench/run dhcp");

        assertThat(report.servers())
                .filteredOn(each -> each.server().startsWith("formwork"))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.mostPerSecond().median()).isPositive());
        assertThat(report.servers().size() + report.missing().size()).isEqualTo(4);
        assertThat(Documents.json(report)).contains("\"without_loss_per_second\"");
        assertThat(report.text()).contains("formwork, no probes");
        assertThat(directory).isEmptyDirectory();
    }
}
