package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.fleet.Fleet;
import dev.formwork.bench.fleet.FleetReport;
import dev.formwork.bench.fleet.FleetSizes;
import dev.formwork.bench.report.Documents;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// That it runs, and what it prints. How fast it is is no matter of tests.
class FleetIT {
    @TempDir Path directory;

    @Test
    void printsEachSizeAndLeavesNothingBehind() throws IOException {
        Path agent = Path.of(System.getProperty("formwork.bench.agent"));
        FleetReport report =
                new Fleet(
                                new FleetSizes(List.of(2, 4), 3, 1, 2),
                                false,
                                Optional.of(agent),
                                _ -> {})
                        .measure(directory, "engine/bench/run fleet");

        JsonNode json = JsonMapper.shared().readTree(Documents.json(report));
        assertThat(json.at("/runs/1/nodes").asInt()).isEqualTo(12);
        assertThat(json.at("/runs/1/transitions").asLong()).isGreaterThanOrEqualTo(12 * 3);
        assertThat(json.at("/over_http/0/nodes").asInt()).isEqualTo(6);
        assertThat(json.at("/over_http/0/seconds").asDouble()).isPositive();
        assertThat(report.text()).contains("us/node", "heap MB", "over HTTP");
        assertThat(directory).isEmptyDirectory();
    }
}
