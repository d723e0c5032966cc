package dev.formwork.bench.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.report.Documents;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;

/// That it makes and releases, and what it prints. How fast it is is no matter of tests.
class LifecycleIT {
    @TempDir Path directory;

    @Test
    void makesAndReleasesMachinesAndLeavesNothingBehind() throws Exception {
        LifecycleReport report =
                new Lifecycle(new LifecycleSizes(1_000, 2).withMachines(3), System.out::println)
                        .measure(directory, "providers/bench/run lifecycle");

        JsonNode json = JsonMapper.shared().readTree(Documents.json(report));
        assertThat(json.at("/machines").asInt()).isEqualTo(3);
        assertThat(json.at("/make_seconds/rounds")).hasSize(2);
        assertThat(json.at("/release_seconds/median").asDouble()).isPositive();
        assertThat(report.text()).contains("3 machines", "released");
        assertThat(directory).isEmptyDirectory();
    }
}
