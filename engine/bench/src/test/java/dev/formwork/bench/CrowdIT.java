package dev.formwork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.bench.agents.AgentsProcess;
import dev.formwork.bench.agents.AgentsSizes;
import dev.formwork.bench.agents.SeededEngine;
import dev.formwork.bench.database.Place;
import dev.formwork.bench.engines.EngineSet;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.postgres.TcpProxy;
import dev.formwork.store.PostgresSettings;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Three engines and three hundred agents, all at work, while one engine after the other is lost:
/// killed, stopped, cut off from its database. No step is done twice, and all are done.
class CrowdIT {
    private static final int AGENTS = 300;
    private static final int STEPS = 12;
    private static final int CLUSTERS = 6;
    private static final AgentsSizes.Jobs JOBS =
            new AgentsSizes.Jobs("1 to 3 s", Duration.ofSeconds(1), Duration.ofSeconds(3));

    @BeforeEach
    void needPostgres() {
        Needs.nothing(PostgresServer.missing());
    }

    @Test
    void everyStepIsDoneOnceWhileEnginesAreKilledStoppedAndCutOff()
            throws IOException, InterruptedException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try (ScratchDirectory scratch = new ScratchDirectory(parent);
                PostgresServer server = PostgresServer.quick();
                TcpProxy way = TcpProxy.to(server.port())) {
            SeededEngine seeded =
                    SeededEngine.onPostgres(
                            scratch.path().resolve("crowd"),
                            server,
                            new SeededEngine.Shape(AGENTS, STEPS, "at-most-once"));
            Place.OnPostgres place = new Place.OnPostgres(server);
            PostgresSettings direct = place.settings("crowd");
            List<PostgresSettings> ways =
                    List.of(direct, direct, place.settings("crowd", way.port()));
            Path agent = Path.of(System.getProperty("formwork.bench.agent"));
            Path journal = scratch.path().resolve("journal");
            try (EngineSet engines = EngineSet.start(seeded, agent, ways);
                    AgentsProcess _ =
                            AgentsProcess.start(
                                    engines.all(),
                                    seeded.directory(),
                                    seeded.credentials(),
                                    JOBS,
                                    Optional.of(journal))) {
                List<String> runs = engines.start(engines.approve(CLUSTERS, 0));
                engines.awaitStarted(runs);
                loseOneAfterTheOther(engines, way);
                for (String run : runs) {
                    assertSucceeded(engines.get(0).eventsOf(run));
                }
            }
            assertThat(Files.readAllLines(journal)).hasSize(AGENTS * STEPS).doesNotHaveDuplicates();
        }
    }

    private static void loseOneAfterTheOther(EngineSet engines, TcpProxy way)
            throws IOException, InterruptedException {
        engines.get(1).kill();
        engines.awaitEven(List.of(engines.get(0), engines.get(2)));
        engines.restart(1);

        engines.get(1).signal("STOP");
        engines.awaitEven(List.of(engines.get(0), engines.get(2)));
        engines.get(1).signal("CONT");
        engines.get(1).awaitHealth(503);
        engines.restart(1);

        way.hang();
        engines.awaitEven(List.of(engines.get(0), engines.get(1)));
        way.heal();
        engines.get(2).awaitHealth(503);
        engines.restart(2);
    }

    private static void assertSucceeded(List<JsonNode> events) {
        JsonNode last = events.getLast();
        List<String> states = new ArrayList<>();
        events.forEach(event -> {
            if (event.path("type").asString().equals("node.changed")) {
                states.add(event.path("subject") + " " + event.at("/data/state").asString());
            }
        });
        assertThat(last.at("/data/state").asString()).as(last.toString()).isEqualTo("succeeded");
        Stream<String> succeeded = states.stream().filter(each -> each.endsWith(" succeeded"));
        assertThat(succeeded).hasSize(AGENTS / CLUSTERS * STEPS).doesNotHaveDuplicates();
    }
}
