package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An engine that is killed in the middle of a run, and restored in another place from a backup:
/// real processes, and each start of a script leaves a line.
class BackupIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path root;
    private Path folder;
    private Path file;
    private final List<EngineProcess> engines = new ArrayList<>();

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(root.resolve("files"));
        file = folder.resolve("one.backup");
    }

    @AfterEach
    void endAll() {
        engines.forEach(EngineProcess::close);
    }

    private EngineProcess engine(String name) {
        EngineProcess engine = new EngineProcess(root.resolve(name));
        engines.add(engine);
        return engine;
    }

    /// The same address, other places.
    private EngineProcess restoredElsewhere(EngineProcess old) throws InterruptedException {
        int port = old.uri().getPort();
        old.noteMachines();
        old.kill();
        Path key = old.data().resolve("engine.key");
        EngineProcess next = engine("second");
        assertThat(restore(1, next)).contains("backup.no-key");
        assertThat(restore(0, next, "--key", key.toString()))
                .contains("in epoch 1", "formwork serve");
        assertThat(restore(1, next)).contains("backup.not-empty");
        return next.start(EngineOptions.USUAL.withPort(port));
    }

    private String restore(int exitCode, EngineProcess into, String... more) {
        List<String> arguments = new ArrayList<>(List.of("restore", file.toString()));
        arguments.addAll(List.of(more));
        return CliProcess.run(exitCode, into.data(), folder, arguments.toArray(String[]::new));
    }

    private void backup(EngineProcess of) {
        assertThat(CliProcess.run(0, of.data(), folder, "backup", file.getFileName().toString()))
                .contains("Wrote " + file, "engine.key", "is not in it");
    }

    @Test
    void whatRanIsEndedAndAsksAndTheRunGoesOn() throws Exception {
        EngineProcess first = engine("first").start(EngineOptions.USUAL);
        Gated gated = Gated.start(first, folder, "gated-once", "demo");
        backup(first);
        assertThat(CliProcess.run(1, first.data(), folder, "backup", file.toString()))
                .contains("backup.exists");

        EngineProcess second = restoredElsewhere(first);

        Gated again = gated.on(second);
        assertThat(again.awaitQuestion().reason()).contains("restored from a backup");
        again.awaitEndOfStep();
        assertThat(again.journal()).as("it has not run twice by itself").hasSize(1);
        CliProcess.run(0, second.data(), folder, "resolve", gated.run(), "wait", "--not-happened");
        again.awaitStarts(2);
        again.open("on");
        assertThat(second.api().awaitEnd(gated.run(), PATIENCE).state()).isEqualTo("succeeded");
        assertThat(again.journal())
                .containsExactly(gated.step(), gated.step(), "after@" + gated.machine());
        assertThat(CliProcess.run(0, second.data(), folder, "replay", gated.run()))
                .contains("same states again");
    }

    /// What must not happen twice, and happened after the backup.
    @Test
    void whatHappenedAfterTheBackupIsTakenAtAPersonsWord() throws Exception {
        EngineProcess first = engine("first").start(EngineOptions.USUAL);
        Gated gated = Gated.start(first, folder, "gated-once", "demo");
        backup(first);
        gated.open("on");
        gated.assertSucceededOnce("on");

        EngineProcess second = restoredElsewhere(first);

        Gated again = gated.on(second);
        again.awaitQuestion();
        CliProcess.run(
                0,
                second.data(),
                folder,
                "resolve",
                gated.run(),
                "wait",
                "--happened",
                "--with-output",
                "mark=" + gated.step());
        assertThat(second.api().awaitEnd(gated.run(), PATIENCE).state()).isEqualTo("succeeded");
        assertThat(again.journal())
                .as("once what may be so once; what may be repeated, again")
                .containsExactly(
                        gated.step(), "after@" + gated.machine(), "after@" + gated.machine());
    }

    @Test
    void anEngineMovesFromItsFileToPostgres() throws Exception {
        Needs.nothing(PostgresServer.missing());
        try (PostgresServer server = PostgresServer.quick()) {
            EngineProcess first = engine("first").start(EngineOptions.USUAL);
            Gated gated = Gated.start(first, folder, "gated-again", "demo");
            backup(first);
            int port = first.uri().getPort();
            first.noteMachines();
            first.kill();
            EngineProcess second = engine("second");
            EngineOptions options =
                    EngineOptions.USUAL.withPort(port).withDatabaseOf(server, "restored");
            Path password = Files.writeString(folder.resolve("password"), PostgresServer.PASSWORD);
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
            assertThat(
                            restore(
                                    0,
                                    second,
                                    "--key",
                                    first.data().resolve("engine.key").toString(),
                                    "--database",
                                    options.database().orElseThrow().toString(),
                                    "--database-password-file",
                                    password.toString()))
                    .contains("in epoch 1");
            second.start(options);
            Gated again = gated.on(second);
            again.awaitStarts(2);
            again.open("on");
            assertThat(second.api().awaitEnd(gated.run(), PATIENCE).state()).isEqualTo("succeeded");
            assertThat(again.journal())
                    .containsExactly(gated.step(), gated.step(), "after@" + gated.machine());
        }
    }
}
