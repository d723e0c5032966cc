package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.report.Documents;
import dev.formwork.bench.transitions.Sizes;
import dev.formwork.bench.transitions.Transitions;
import dev.formwork.bench.transitions.TransitionsReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// That it runs, and what it prints. How fast it is is no matter of tests.
class TransitionsTest {
    static final Sizes TINY =
            new Sizes(
                    0,
                    1,
                    Duration.ofMillis(1),
                    List.of(1, 4),
                    List.of(4, 8),
                    2,
                    List.of(1, 2),
                    2,
                    3,
                    1);

    @TempDir Path directory;

    @Test
    void printsAllFiguresAsOneJsonObject() throws IOException {
        TransitionsReport report = measured(Optional.empty());
        JsonNode json = JsonMapper.shared().readTree(Documents.json(report));
        assertThat(json.propertyNames())
                .contains("benchmark", "command", "at", "machine", "store", "engine", "agent");
        assertThat(json.at("/machine/cores").isInt()).isTrue();
        assertThat(json.at("/store/1/transitions_per_second/median").isNumber()).isTrue();
        assertThat(json.at("/store/1/of_ceiling/rounds").size()).isEqualTo(1);
        assertThat(json.at("/chains/1/chains").asInt()).isEqualTo(2);
        assertThat(json.at("/chains/1/dbos").isNull()).isTrue();
        assertThat(json.at("/engine/1/nodes").asInt()).isEqualTo(8);
        assertThat(json.at("/agent").isNull()).isTrue();
    }

    @Test
    void countsEveryTransitionOfANode() throws IOException {
        // Ready or waiting, offered, started, succeeded.
        assertThat(measured(Optional.empty()).engine().getLast().transitions())
                .isGreaterThanOrEqualTo(8 * 3);
    }

    @Test
    void printsATableForPeople() throws IOException {
        assertThat(measured(Optional.empty()).text())
                .contains("transitions/s", "bare pairs/s", "DBOS steps/s", "us/node");
    }

    @Test
    void leavesNothingBehind() throws IOException {
        measured(Optional.empty());
        assertThat(directory).isEmptyDirectory();
    }

    private TransitionsReport measured(Optional<Path> agent) throws IOException {
        return new Transitions(TINY, agent, false, _ -> {})
                .measure(directory, "engine/bench/run transitions");
    }
}
