package dev.formwork.workflow.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/// Many small worlds in which everything goes wrong for eight minutes; on every core, each by
/// itself. Another range of seeds: `-Dformwork.seeds=1000-5000`; one seed with all that happened:
/// `-Dformwork.seed=42`; with a mistake made on purpose: `-Dformwork.bug=SKIPPED_FENCING`.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SimulationTest {
    /// Few enough seeds say nothing of shares.
    private static final int MANY = 100;

    @Test
    void everyWorldComesToTheEndThatItWouldHaveComeToWithoutFaults() {
        List<Trial.Verdict> all =
                tried(
                        "everyWorldComesToTheEndThatItWouldHaveComeToWithoutFaults",
                        Chaos.STORM,
                        "1-2000");
        if (all.size() < MANY) {
            return;
        }
        assertThat(share(all, Trial.Verdict::strict))
                .as("share of worlds in which everything must end as without faults")
                .isGreaterThan(0.8);
        for (SimulatedStore.Fate fate : SimulatedStore.Fate.values()) {
            assertThat(share(all, it -> it.fates().contains(fate)))
                    .as("share of worlds in which a transaction is " + fate)
                    .isGreaterThan(0.1);
        }
    }

    /// What happened after the backup was made is forgotten, and still nothing happens twice that
    /// must not, and all comes to its end.
    @Test
    void aWorldWhoseStoreIsRestoredComesToTheSameEnd() {
        List<Trial.Verdict> all =
                tried("aWorldWhoseStoreIsRestoredComesToTheSameEnd", Chaos.LOSS, "1-200");
        if (all.size() >= MANY) {
            assertThat(share(all, Trial.Verdict::restored)).isGreaterThan(0.5);
        }
    }

    @Test
    void oneSeedGivesOneHistory() {
        Simulation first = new Simulation(7, Chaos.STORM, SeededBug.NONE);
        Simulation second = new Simulation(7, Chaos.STORM, SeededBug.NONE);
        assertThat(second.traced()).isEqualTo(first.traced());
    }

    private static List<Trial.Verdict> tried(String test, Chaos chaos, String standard) {
        Trial trial = Trial.of(test, chaos, System.getProperty(Trial.BUG));
        String one = System.getProperty(Trial.SEED);
        String range =
                one != null ? one + "-" + one : System.getProperty("formwork.seeds", standard);
        int dash = range.indexOf('-');
        LongStream seeds =
                LongStream.rangeClosed(
                        Long.parseLong(range.substring(0, dash)),
                        Long.parseLong(range.substring(dash + 1)));
        if (one != null) {
            trial.story(Long.parseLong(one)).forEach(System.out::println);
        }
        List<Trial.Verdict> all = new Seeds<>(trial::judge, trial::replay).tried(seeds);
        assertThat(all.stream().map(Trial.Verdict::failure).flatMap(Optional::stream)).isEmpty();
        return all;
    }

    private static double share(List<Trial.Verdict> all, Predicate<Trial.Verdict> which) {
        return (double) all.stream().filter(which).count() / all.size();
    }
}
