package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.testkit.FolderProcesses;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;

/// `formwork serve --database`, as a person types it: that is all it takes to have engines on one
/// PostgreSQL.
class ServeDatabaseIT {
    @TempDir private Path folder;

    @BeforeEach
    void need() {
        Needs.nothing(PostgresServer.missing());
    }

    @AfterEach
    void endAll() {
        FolderProcesses.end(folder);
    }

    @Test
    void whatOneEngineHasDoneAnotherOneKnows() throws IOException {
        Path cluster =
                Files.writeString(
                        folder.resolve("cluster.yaml"),
                        TracePack.cluster(
                                "shared",
                                "chain",
                                1,
                                Map.of("journal", folder.resolve("journal"))));
        try (PostgresServer postgres = PostgresServer.quick()) {
            postgres.createDatabase("plans");
            try (CliProcess first = serve(postgres, "a")) {
                join("b", "a");
                try (CliProcess _ = serve(postgres, "b")) {
                    assertThat(apply("a", cluster)).contains("succeeded");
                    assertThat(cli("b", "runs", "shared")).contains("succeeded");
                    first.interrupt();
                    first.awaitEnd(130);
                    // The machine's agent has to come over, to say that all is as it was.
                    Await.until(
                            "the second engine finds everything as the first has left it",
                            Duration.ofMinutes(2),
                            () -> apply("b", cluster).contains("Nothing to do"));
                }
            }
        }
        assertThat(TracePack.journal(folder.resolve("journal"))).doesNotHaveDuplicates().hasSize(5);
    }

    /// Engines on one database have one key and one token.
    private void join(String name, String first) throws IOException {
        Path data = folder.resolve(name);
        Files.createDirectory(
                data,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String file : new String[] {"engine.key", "api-token"}) {
            Files.copy(
                    folder.resolve(first).resolve(file),
                    data.resolve(file),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private CliProcess serve(PostgresServer postgres, String name) throws IOException {
        Path password =
                Files.writeString(
                        folder.resolve("password-" + name), PostgresServer.PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        CliProcess engine =
                CliProcess.start(
                        folder.resolve(name),
                        folder,
                        "serve",
                        "--port",
                        "0",
                        "--machines",
                        folder.resolve("machines").toString(),
                        "--database",
                        "postgresql://%s@127.0.0.1:%d/plans"
                                .formatted(PostgresServer.USER, postgres.port()),
                        "--database-password-file",
                        password.toString());
        engine.awaitOutput("is ready");
        return engine;
    }

    private String apply(String engine, Path cluster) {
        return cli(
                engine,
                "apply",
                cluster.toString(),
                "--yes",
                "--pack",
                TracePack.root().toString());
    }

    private String cli(String engine, String... arguments) {
        return CliProcess.run(0, folder.resolve(engine), folder, arguments);
    }
}
