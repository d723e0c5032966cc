package dev.formwork.workflow.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.stream.LongStream;

/// The simulator is worth something only if it notices.
class SeededBugTest {
    private static final long SEEDS = 200;

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void noticesTheBug(SeededBug bug) {
        assertThat(LongStream.rangeClosed(1, SEEDS))
                .as("some of " + SEEDS + " seeds finds " + bug)
                .anyMatch(seed -> !new Simulation(seed, Chaos.STORM, bug).run().isEmpty());
    }
}
