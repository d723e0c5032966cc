package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.agents.AgentsSizes;
import dev.formwork.bench.engines.Engines;
import dev.formwork.bench.engines.EnginesReport;
import dev.formwork.bench.engines.EnginesSizes;
import dev.formwork.bench.report.Documents;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// That engines on one PostgreSQL, of which one is lost, leave their figures.
class EnginesIT {
    private static final EnginesSizes TINY =
            new EnginesSizes(
                    4,
                    8,
                    5,
                    1,
                    1,
                    new AgentsSizes.Jobs("1 to 2 s", Duration.ofSeconds(1), Duration.ofSeconds(2)));

    @BeforeEach
    void needPostgres() {
        Needs.nothing(PostgresServer.missing());
    }

    @Test
    void measuresThreeAgainstOneAndWithoutOne() throws IOException {
        Path agent = Path.of(System.getProperty("formwork.bench.agent"));
        EnginesReport report =
                new Engines(TINY, agent, _ -> {})
                        .measure(
                                Path.of(System.getProperty("java.io.tmpdir")),
                                "engine/bench/run engines");

        JsonNode json = JsonMapper.shared().readTree(Documents.json(report));
        assertThat(json.at("/throughput/1/engines").asInt()).isEqualTo(3);
        assertThat(json.at("/ratio/median").isNumber()).isTrue();
        assertThat(json.at("/losses/0/seconds/median").isNumber()).isTrue();
        assertThat(report.text()).contains("steps/s", "kill -9", "stopped");
    }
}
