package dev.formwork.bench.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.report.Documents;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// That files come from our server, and from those that it is compared with where they are
/// installed; and that machines boot at the same time.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransferIT {
    private static final TransferSizes TINY =
            new TransferSizes(
                    0,
                    1,
                    1,
                    2,
                    List.of(2),
                    1,
                    List.of(new TransferSizes.Tftp(1428, 4, 2), new TransferSizes.Tftp(1428, 1, 1)),
                    3,
                    1,
                    1,
                    1);

    private Optional<TransferReport> measured = Optional.empty();

    @BeforeAll
    void measure(@TempDir Path directory) throws Exception {
        Needs.nothing(Transfer.missing());
        measured =
                Optional.of(
                        new Transfer(TINY, System.out::println)
                                .measure(directory, "agents/bench/run transfer"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void measuresTransfersAndMachinesThatBootAtOnce() {
        TransferReport report = measured.orElseThrow();

        assertThat(report.http().getFirst().mebibytesPerSecond().median()).isPositive();
        assertThat(report.tftp())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.mebibytesPerSecond().median()).isPositive());
        assertThat(report.fleet().machines()).isEqualTo(3);
        assertThat(report.fleet().megabytes()).isGreaterThan(2);
        assertThat(Documents.json(report)).contains("\"of_segment\"");
        assertThat(report.text()).contains("of the segment");
    }

    @Test
    void comparesWithNginx() {
        Needs.nothing(Transfer.noNginx());

        assertThat(measured.orElseThrow().http())
                .allSatisfy(each -> assertThat(each.nginx().orElseThrow().median()).isPositive());
    }

    /// Which has no windows.
    @Test
    void comparesWithTftpdHpa() {
        Needs.nothing(Transfer.noTftpd());

        List<TransferReport.TftpFigure> figures = measured.orElseThrow().tftp();
        assertThat(figures.getFirst().tftpd()).isEmpty();
        assertThat(figures.getLast().tftpd().orElseThrow().median()).isPositive();
    }
}
