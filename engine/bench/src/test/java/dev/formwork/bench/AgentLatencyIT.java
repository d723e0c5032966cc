package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.transitions.Transitions;
import dev.formwork.bench.transitions.TransitionsReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The part with processes: that an agent's steps leave their times.
class AgentLatencyIT {
    @TempDir Path directory;

    @Test
    void measuresARealAgent() throws IOException {
        Path agent = Path.of(System.getProperty("formwork.bench.agent"));
        TransitionsReport report =
                new Transitions(TransitionsTest.TINY, Optional.of(agent), false, _ -> {})
                        .measure(directory, "engine/bench/run transitions");
        assertThat(report.agent()).isPresent();
        assertThat(report.agent().orElseThrow().steps()).isEqualTo(3);
        assertThat(report.text()).contains("ready to started");
    }
}
