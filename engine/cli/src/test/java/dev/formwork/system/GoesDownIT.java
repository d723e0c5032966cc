package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Tasks that ask for a reboot, to be run again after one, and for the power to go, with a real
/// engine and a real agent.
class GoesDownIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String MACHINE = "down-nodes-0";

    @Test
    void theRunWaitsForItsMachineAndGoesOn(@TempDir Path folder) throws InterruptedException {
        Path journal = folder.resolve("journal");
        try (EngineProcess engine =
                new EngineProcess(folder.resolve("data")).start(EngineOptions.USUAL)) {
            ApiClient api = engine.api();
            String yaml = TracePack.cluster("down", "downs", 1, Map.of("journal", journal));
            Answer.Run run = api.start(api.planApply(yaml, List.of(TracePack.upload(api))));
            Await.until(
                    "the machine has no power",
                    PATIENCE,
                    () -> TracePack.journal(journal).contains("off 1 1") && isOff(api));
            assertThat(api.run(run.id()).state()).isEqualTo("running");
            assertThat(api.explain(run.id(), "after@" + MACHINE).reason()).contains("agent");
            engine.kill();
            engine.start(EngineOptions.USUAL);
            assertThat(isOff(engine.api())).as("nobody switches it on").isTrue();

            engine.api().power(MACHINE, "on");

            Answer.Run ended = engine.api().awaitEnd(run.id(), PATIENCE);
            assertThat(ended.state()).as(ended.reason()).isEqualTo("succeeded");
            assertThat(engine.api().cluster("down").outputs().toString())
                    .contains("[[\"2\"],[\"2\"],[\"1\"]]");
        }
        assertThat(TracePack.journal(journal))
                .containsExactly(
                        "reboots 1 1",
                        "reboots 2 1",
                        "unfinished 1 1",
                        "unfinished 2 1",
                        "off 1 1",
                        "after@" + MACHINE);
    }

    private static boolean isOff(ApiClient api) {
        return api.power(MACHINE).equals("off");
    }
}
