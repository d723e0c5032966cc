package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.agents.Agents;
import dev.formwork.bench.agents.AgentsReport;
import dev.formwork.bench.agents.AgentsSizes;
import dev.formwork.bench.report.Documents;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// That an engine and simulated agents in processes of their own leave their figures.
class AgentsIT {
    private static final AgentsSizes TINY =
            new AgentsSizes(
                    3,
                    3,
                    List.of(
                            new AgentsSizes.Jobs("empty", Duration.ZERO, Duration.ZERO),
                            new AgentsSizes.Jobs(
                                    "short", Duration.ofMillis(1), Duration.ofMillis(3))),
                    5);

    @TempDir Path directory;

    @Test
    void measuresAgentsThatWorkAndAgentsThatWait() throws IOException {
        Path agent = Path.of(System.getProperty("formwork.bench.agent"));
        AgentsReport report =
                new Agents(TINY, agent, _ -> {}).measure(directory, "engine/bench/run agents");

        JsonNode json = JsonMapper.shared().readTree(Documents.json(report));
        assertThat(json.at("/work/1/jobs").asString()).isEqualTo("short");
        assertThat(json.at("/work/1/steps").asInt()).isEqualTo(9);
        assertThat(json.at("/work/1/steady/p99").isNumber()).isTrue();
        assertThat(json.at("/idle/agents").asInt()).isEqualTo(5);
        assertThat(report.text()).contains("steps/s", "KB each");
        assertThat(directory).isEmptyDirectory();
    }
}
