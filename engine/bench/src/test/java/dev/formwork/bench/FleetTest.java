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

/// That it runs, and what it prints. How fast it is is no matter of tests.
class FleetTest {
    @TempDir Path directory;

    @Test
    void printsEachSizeAndLeavesNothingBehind() throws IOException {
        FleetReport report =
                new Fleet(new FleetSizes(List.of(2, 4), 3, 1), false, _ -> {})
                        .measure(directory, "engine/bench/run fleet");

        JsonNode json = JsonMapper.shared().readTree(Documents.json(report));
        assertThat(json.at("/runs/1/nodes").asInt()).isEqualTo(12);
        assertThat(json.at("/runs/1/transitions").asLong()).isGreaterThanOrEqualTo(12 * 3);
        assertThat(report.text()).contains("us/node", "heap MB");
        assertThat(directory).isEmptyDirectory();
    }
}
