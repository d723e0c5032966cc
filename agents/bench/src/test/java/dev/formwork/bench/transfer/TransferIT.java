package dev.formwork.bench.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.report.Documents;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// That files come from our server, and from those that it is compared with where they are
/// installed; and that machines boot at the same time.
class TransferIT {
    private static final TransferSizes TINY =
            new TransferSizes(
                    0,
                    1,
                    1,
                    2,
                    List.of(2),
                    1,
                    List.of(new TransferSizes.Tftp(1428, 4, 2)),
                    3,
                    1,
                    1,
                    1);

    @TempDir Path directory;

    @Test
    void measuresTransfersAndMachinesThatBootAtOnce() throws Exception {
        Needs.nothing(Transfer.missing());
        TransferReport report =
                new Transfer(TINY, System.out::println)
                        .measure(directory, "agents/bench/run transfer");

        assertThat(report.http().getFirst().mebibytesPerSecond().median()).isPositive();
        assertThat(report.tftp().getFirst().mebibytesPerSecond().median()).isPositive();
        assertThat(report.fleet().machines()).isEqualTo(3);
        assertThat(report.fleet().megabytes()).isGreaterThan(2);
        assertThat(Documents.json(report)).contains("\"of_segment\"");
        assertThat(report.text()).contains("of the segment");
        assertThat(directory).isEmptyDirectory();
    }
}
