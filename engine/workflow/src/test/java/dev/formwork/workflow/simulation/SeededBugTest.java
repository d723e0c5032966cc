package dev.formwork.workflow.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.OptionalLong;
import java.util.stream.LongStream;

/// The simulator is worth something only if it notices.
class SeededBugTest {
    private static final long SEEDS = 200;

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void noticesTheBugAndNothingWithoutIt(SeededBug bug) {
        OptionalLong found =
                LongStream.rangeClosed(1, SEEDS)
                        .filter(seed -> !new Simulation(seed, Chaos.STORM, bug).run().isEmpty())
                        .findFirst();
        assertThat(found).as("one of " + SEEDS + " seeds that finds " + bug).isPresent();
        assertThat(new Simulation(found.getAsLong(), Chaos.STORM, SeededBug.NONE).run()).isEmpty();
    }
}
