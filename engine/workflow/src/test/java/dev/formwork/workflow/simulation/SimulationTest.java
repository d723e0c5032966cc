package dev.formwork.workflow.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/// Many small worlds in which everything goes wrong for eight minutes; on every core, each by
/// itself. Another range of seeds: `-Dformwork.seeds=1000-5000`; one seed with all that happened:
/// `-Dformwork.seed=42`.
class SimulationTest {
    private static final String REPLAY =
            "./mvnw -o -pl engine/workflow -am test -Dtest=SimulationTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dformwork.seed=";

    @Test
    void everyWorldComesToTheEndThatItWouldHaveComeToWithoutFaults() {
        String one = System.getProperty("formwork.seed");
        String range = System.getProperty("formwork.seeds", "1-3000");
        int dash = range.indexOf('-');
        LongStream seeds =
                one != null
                        ? LongStream.of(Long.parseLong(one))
                        : LongStream.rangeClosed(
                                Long.parseLong(range.substring(0, dash)),
                                Long.parseLong(range.substring(dash + 1)));
        List<String> failed =
                seeds.parallel()
                        .mapToObj(seed -> failure(seed, one != null))
                        .flatMap(Optional::stream)
                        .toList();
        assertThat(failed).isEmpty();
    }

    private static Optional<String> failure(long seed, boolean printed) {
        Simulation calm = new Simulation(seed, Chaos.CALM, SeededBug.NONE);
        List<String> calmly = calm.run();
        Simulation storm = new Simulation(seed, Chaos.STORM, SeededBug.NONE);
        List<String> violations = storm.run();
        if (printed) {
            Chaos chaos = calmly.isEmpty() ? Chaos.STORM : Chaos.CALM;
            new Simulation(seed, chaos, SeededBug.NONE).traced().forEach(System.out::println);
        }
        String replay = "; replay: " + REPLAY + seed;
        if (!calmly.isEmpty()) {
            return Optional.of("without faults " + calmly + replay);
        }
        if (!violations.isEmpty()) {
            return Optional.of(violations + replay);
        }
        Set<String> others = otherEnds(calm, storm);
        Map<String, Object> expected = calm.engine().outcome(others);
        Map<String, Object> came = storm.engine().outcome(others);
        return came.equals(expected)
                ? Optional.empty()
                : Optional.of(came + " instead of " + expected + replay);
    }

    private static Set<String> otherEnds(Simulation calm, Simulation storm) {
        Set<String> others = new HashSet<>(calm.engine().otherEnds());
        others.addAll(storm.engine().otherEnds());
        return others;
    }

    /// What happened after the backup was made is forgotten, and still nothing happens twice that
    /// must not, and all comes to its end.
    @Test
    void aWorldWhoseStoreIsRestoredComesToTheSameEnd() {
        int restored = 0;
        for (long seed = 1; seed <= 200; seed++) {
            Simulation calm = new Simulation(seed, Chaos.CALM, SeededBug.NONE);
            calm.run();
            Simulation loss = new Simulation(seed, Chaos.LOSS, SeededBug.NONE);
            assertThat(loss.run()).as("seed " + seed).isEmpty();
            Set<String> others = otherEnds(calm, loss);
            assertThat(loss.engine().outcome(others))
                    .as("seed " + seed)
                    .isEqualTo(calm.engine().outcome(others));
            restored += loss.restored() ? 1 : 0;
        }
        assertThat(restored).isGreaterThan(100);
    }

    @Test
    void oneSeedGivesOneHistory() {
        Simulation first = new Simulation(7, Chaos.STORM, SeededBug.NONE);
        Simulation second = new Simulation(7, Chaos.STORM, SeededBug.NONE);
        assertThat(second.traced()).isEqualTo(first.traced());
    }
}
