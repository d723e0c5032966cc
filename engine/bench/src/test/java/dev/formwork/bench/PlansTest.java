package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.plans.Plans;
import dev.formwork.bench.plans.PlansReport;
import dev.formwork.bench.plans.PlansSizes;
import dev.formwork.bench.report.Documents;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// That it runs, and what it prints. How fast it is is no matter of tests.
class PlansTest {
    @TempDir Path directory;

    @Test
    void printsTwoPlansOfEachSizeAndLeavesNothingBehind() throws IOException {
        PlansReport report =
                new Plans(new PlansSizes(List.of(2, 4), 2, 1), _ -> {})
                        .measure(directory, "engine/bench/run plans");

        JsonNode json = JsonMapper.shared().readTree(Documents.json(report));
        assertThat(json.path("plans").size()).isEqualTo(4);
        assertThat(json.at("/plans/2/kind").asString()).isEqualTo("first");
        // A chain of two, one that takes turns, its health and what waits for it, and one reader.
        assertThat(json.at("/plans/2/nodes").asInt()).isGreaterThanOrEqualTo(4 * 5 + 1);
        assertThat(report.text()).contains("us/node", "heap MB");
        assertThat(directory).isEmptyDirectory();
    }
}
