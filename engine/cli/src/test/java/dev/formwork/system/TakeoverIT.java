package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.postgres.PostgresServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two engines on one PostgreSQL database: one works, the other stands by and goes on when the
/// first has died or hangs.
class TakeoverIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private Path folder;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private EngineOptions options = EngineOptions.USUAL;

    @BeforeEach
    void startServer() throws IOException {
        Needs.postgres();
        PostgresServer postgres = PostgresServer.quick();
        opened.add(postgres);
        options = EngineOptions.USUAL.withDatabaseOf(postgres, "engines");
    }

    @AfterEach
    void endAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void theStandbyGoesOnWithTheRunWhenTheEngineDies() throws InterruptedException {
        Path data = folder.resolve("data");
        EngineProcess first = new EngineProcess(data).start(options);
        opened.add(first);
        Gated gated = Gated.start(first, folder, "gated-once", "taken");
        EngineProcess second = EngineProcess.besideAnother(data, folder.resolve("second.out"));
        second.launch(options.withPort(first.uri().getPort()));
        awaitStandby(second);
        assertThat(first.api().health()).isEqualTo(200);

        first.kill();
        assertThat(second.awaitReady()).isTrue();
        gated.open("after the takeover");

        gated.on(second).assertSucceededOnce("after the takeover");
        second.stop();
    }

    @Test
    void anEngineThatWasStoppedSaysThatItWasReplacedAndTakesNothing() throws Exception {
        Path data = folder.resolve("data");
        EngineProcess first = new EngineProcess(data).start(options);
        opened.add(first);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.copy(data.resolve("engine.key"), elsewhere.resolve("engine.key"));
        EngineProcess second = new EngineProcess(elsewhere);
        opened.add(second);
        second.launch(options);
        awaitStandby(second);

        first.signal("STOP");
        assertThat(second.awaitReady()).isTrue();
        assertThat(second.api().health()).isEqualTo(200);
        first.signal("CONT");

        ApiClient stale = first.api();
        ApiProblem refused = catchThrowableOfType(ApiProblem.class, () -> TracePack.upload(stale));
        assertThat(refused.code()).isIn("store.fenced", "store.broken");
        Await.until("it says so", PATIENCE, () -> stale.healthText().contains("store.fenced"));
        assertThat(second.api().health()).isEqualTo(200);
        assertThat(TracePack.upload(second.api())).isNotEmpty();
    }

    private static void awaitStandby(EngineProcess engine) {
        Await.until(
                "it stands by", PATIENCE, () -> engine.printed().contains("standing by: process "));
    }
}
