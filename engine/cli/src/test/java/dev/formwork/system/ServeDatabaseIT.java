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
        String machines = folder.resolve("machines").toString();
        try (OneStore store = new OneStore(folder);
                CliProcess first = store.serve("a", "--machines", machines);
                CliProcess _ = store.serve("b", "--machines", machines)) {
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
        assertThat(TracePack.journal(folder.resolve("journal"))).doesNotHaveDuplicates().hasSize(5);
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
