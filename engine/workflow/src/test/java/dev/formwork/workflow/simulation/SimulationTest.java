package dev.formwork.workflow.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Many small worlds in which everything goes wrong for eight minutes. Another range of seeds:
/// `-Dformwork.seeds=1000-5000`; one seed with all that happened: `-Dformwork.seed=42`.
class SimulationTest {
    private static final String REPLAY =
            "./mvnw -o -pl engine/workflow -am test -Dtest=SimulationTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dformwork.seed=";

    @Test
    void everyWorldComesToTheEndThatItWouldHaveComeToWithoutFaults() {
        String one = System.getProperty("formwork.seed");
        String range = System.getProperty("formwork.seeds", "1-300");
        int dash = range.indexOf('-');
        long[] seeds =
                one != null
                        ? new long[] {Long.parseLong(one)}
                        : LongStream.rangeClosed(
                                        Long.parseLong(range.substring(0, dash)),
                                        Long.parseLong(range.substring(dash + 1)))
                                .toArray();
        for (long seed : seeds) {
            Simulation calm = new Simulation(seed, Chaos.CALM, SeededBug.NONE);
            List<String> calmly = calm.run();
            Simulation storm = new Simulation(seed, Chaos.STORM, SeededBug.NONE);
            List<String> violations = storm.run();
            if (one != null) {
                (calmly.isEmpty() ? storm : calm).trace().forEach(System.out::println);
            }
            assertThat(calmly).as("without faults; replay: " + REPLAY + seed).isEmpty();
            assertThat(violations).as("replay: " + REPLAY + seed).isEmpty();
            Map<String, Object> expected = calm.engine().outcome();
            assertThat(storm.engine().outcome())
                    .as("replay: " + REPLAY + seed)
                    .containsExactlyInAnyOrderEntriesOf(expected);
        }
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
            assertThat(loss.engine().outcome())
                    .as("seed " + seed)
                    .containsExactlyInAnyOrderEntriesOf(calm.engine().outcome());
            restored += loss.restored() ? 1 : 0;
        }
        assertThat(restored).isGreaterThan(100);
    }

    @Test
    void oneSeedGivesOneHistory() {
        Simulation first = new Simulation(7, Chaos.STORM, SeededBug.NONE);
        Simulation second = new Simulation(7, Chaos.STORM, SeededBug.NONE);
        first.run();
        second.run();
        assertThat(second.trace()).isEqualTo(first.trace());
    }
}
