package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.store.disk.LossyDisk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// An acknowledged transition survives power loss. More instants: `-Dpowerloss.seeds=5000`; other
/// ones: `-Dpowerloss.from=1000000`.
class PowerLossTest {
    private static final int SEEDS = Integer.getInteger("powerloss.seeds", 40);
    private static final long FROM = Long.getLong("powerloss.from", 0);

    @TempDir Path directory;

    @ParameterizedTest
    @EnumSource
    void keepsWhatWasAcknowledged(LossyDisk.Survival survival) {
        // Without the journal, H2 alone: what LossyDisk shows of it is in docs/durability.md.
        UnaryOperator<H2Database> settings =
                Boolean.getBoolean("powerloss.plain") ? PowerLossTest::plain : same -> same;
        assertThat(problems(settings, survival, SEEDS)).isEmpty();
    }

    @Test
    void seesWhatIsLostWhereNothingIsForced() {
        assertThat(problems(PowerLossTest::unforced, LossyDisk.Survival.NONE, 10))
                .hasSizeGreaterThan(7)
                .allMatch(problem -> problem.contains("lost: "));
    }

    private List<String> problems(
            UnaryOperator<H2Database> settings, LossyDisk.Survival survival, int seeds) {
        PowerLoss experiment = new PowerLoss(directory, settings);
        List<String> problems = new ArrayList<>();
        int acknowledged = 0;
        for (long seed = FROM; seed < FROM + seeds; seed++) {
            PowerLoss.Outcome outcome = experiment.run(seed, survival);
            acknowledged += outcome.acknowledged();
            long at = seed;
            outcome.problem().ifPresent(problem -> problems.add(at + ": " + problem));
        }
        assertThat(acknowledged).isGreaterThan(seeds);
        return problems;
    }

    private static H2Database plain(H2Database usual) {
        return new H2Database(usual.url().replace("atomic:", ""), true, false, 0);
    }

    private static H2Database unforced(H2Database usual) {
        String url =
                usual.url()
                        .replace("atomic:", "")
                        .replace("RETENTION_TIME=0", "RETENTION_TIME=45000");
        return new H2Database(url, false, false, Long.MAX_VALUE);
    }
}
