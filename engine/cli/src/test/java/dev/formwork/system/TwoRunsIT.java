package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A module run on a machine whose cluster has a run under way, with real agents.
class TwoRunsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private EngineProcess engine;
    private Gated gated;

    @BeforeEach
    void begin(@TempDir Path own) {
        engine = new EngineProcess(own.resolve("data")).start(EngineOptions.USUAL);
        gated = Gated.start(engine, own, "gated-once", "busy");
    }

    @AfterEach
    void endAll() {
        engine.close();
    }

    private Answer.Run dayTwo(Path journal) {
        ApiClient api = engine.api();
        return api.start(
                api.plan(
                        Map.of(
                                "kind",
                                "module",
                                "module",
                                "trace/again",
                                "machines",
                                List.of(gated.machine()),
                                "with",
                                Map.of("journal", journal.toString()),
                                "packs",
                                List.of(TracePack.upload(api)))));
    }

    @Test
    void theSecondWaitsSaysForWhomAndRunsAfterwards(@TempDir Path own) throws InterruptedException {
        Path journal = own.resolve("second.journal");
        Answer.Run second = dayTwo(journal);
        ApiClient api = engine.api();
        assertThat(second.state()).isEqualTo("waiting");
        assertThat(second.reason()).contains(gated.machine(), gated.run(), "(cluster busy)");
        String node = api.nodes(second.id()).getFirst().key();
        assertThat(api.explain(second.id(), node).chain())
                .extracting(Answer.Explanation.Cause::subject)
                .contains(
                        "run " + gated.run() + " (cluster busy)",
                        gated.step() + " of run " + gated.run() + " (cluster busy)");

        engine.kill();
        engine.start(EngineOptions.USUAL);
        assertThat(engine.api().run(second.id()).state()).isEqualTo("waiting");
        gated.open("on");
        assertThat(engine.api().awaitEnd(gated.run(), PATIENCE).state()).isEqualTo("succeeded");
        assertThat(engine.api().awaitEnd(second.id(), PATIENCE).state()).isEqualTo("succeeded");
        assertThat(TracePack.journal(journal)).hasSize(1);
    }

    @Test
    void aRunThatIsCancelledAtOnceLeavesItsMachineToTheNext(@TempDir Path own) {
        Answer.Run second = dayTwo(own.resolve("second.journal"));
        ApiClient api = engine.api();
        api.tell(gated.run(), "pause", Map.of("reason", "lunch"));
        assertThat(api.run(gated.run()).reason()).endsWith(": lunch");
        assertThat(api.run(second.id()).state()).isEqualTo("waiting");

        api.tell(gated.run(), "cancel", Map.of());
        api.tell(gated.run(), "cancel", Map.of("now", true));
        gated.awaitEndOfStep();
        assertThat(api.awaitEnd(gated.run(), PATIENCE).state()).isEqualTo("cancelled");
        assertThat(api.awaitEnd(second.id(), PATIENCE).state()).isEqualTo("succeeded");
    }
}
