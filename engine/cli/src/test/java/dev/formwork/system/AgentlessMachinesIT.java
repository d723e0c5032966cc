package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.FolderProcesses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Clusters on hosts to which no agent is brought, over OpenSSH's server: what steps take and give
/// is as everywhere. No other host can call this engine, and none has to.
class AgentlessMachinesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir private Path folder;
    private Path data;
    private Sshd sshd;

    @BeforeEach
    void makePack() throws Exception {
        data = folder.resolve("data");
        sshd = Sshd.start(folder);
        Files.writeString(
                folder.resolve("providers.yaml"),
                "racks:\n" + (sshd.provider("rack-1", "rack-2") + "agent: none\n").indent(2));
        write(
                "pack/pack.yaml",
                "kind: Pack\nname: bare\nversion: 1.0.0\nsummary: On bare hosts.\n");
        task(
                "greet",
                "inputs: {name: {type: string}, file: {type: string}}\noutputs: {said: {type: string}}\n",
                """
                echo x >>"$INPUT_FILE.$FORMWORK_MACHINE"
                echo "line 1 of $FORMWORK_MACHINE"
                until [ -e "$INPUT_FILE.go" ]; do sleep 0.1; done
                echo "line 2"
                printf 'hello %s' "$INPUT_NAME" >"$FORMWORK_OUTPUTS/said"
                """);
        task("fails", "timeout: 1m\n", "echo no >&2; exit 7");
        task("hangs", "timeout: 1s\n", "sleep 1000");
        for (String step : List.of("fails", "hangs")) {
            workflow(step, "  it: {on: nodes, uses: %s}\n".formatted(step), "");
            cluster(step, 1, "");
        }
        workflow(
                "greet",
                "  it: {on: nodes, uses: greet, with: {name: \"${{ inputs.name }}\", file: \"${{ inputs.file }}\"}}\n",
                """
                inputs: {name: {type: string}, file: {type: string}}
                outputs:
                  said: "${{ steps.it.all.outputs.said.join(', ') }}"
                """);
        cluster("greet", 2, "with: {name: you, file: %s}\n".formatted(folder.resolve("file")));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void task(String name, String more, String script) throws IOException {
        write(
                "pack/%s/module.yaml".formatted(name),
                "kind: Task\nname: %s\nversion: 1.0.0\nsummary: Is tried.\nrepeat: at-most-once\n%srun: |\n%s"
                        .formatted(name, more, script.indent(2)));
    }

    private void workflow(String name, String step, String more) throws IOException {
        write(
                "pack/all-%s/module.yaml".formatted(name),
                "kind: Workflow\nname: all-%s\nversion: 1.0.0\nsummary: Is tried everywhere.\ngroups: [nodes]\nsteps:\n%s%s"
                        .formatted(name, step, more));
    }

    private void cluster(String name, int count, String more) throws IOException {
        write(
                name + ".yaml",
                "kind: Cluster\nname: %1$s\nworkflow: all-%1$s\ngroups:\n  nodes: {count: %2$d, provider: racks}\n%3$s"
                        .formatted(name, count, more));
    }

    @AfterEach
    void endAll() {
        sshd.close();
        FolderProcesses.end(folder);
    }

    private CliProcess serve() {
        CliProcess serve =
                CliProcess.start(
                        data,
                        folder,
                        "serve",
                        "--port",
                        "0",
                        "--providers",
                        "providers.yaml",
                        "--pack",
                        "pack");
        serve.awaitOutput("is ready");
        return serve;
    }

    private String formwork(int exitCode, String... arguments) {
        return CliProcess.run(exitCode, data, folder, arguments);
    }

    private boolean has(String file, String content) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) && Files.readString(path).equals(content);
    }

    @Test
    void aStepIsDoneOnceThoughTheEngineIsKilledMeanwhile() throws Exception {
        CliProcess killed = serve();
        CliProcess apply = CliProcess.start(data, folder, "apply", "greet.yaml", "--yes");
        Await.until(
                "both hosts are at it",
                PATIENCE,
                () -> has("file.greet-nodes-0", "x\n") && has("file.greet-nodes-1", "x\n"));
        // As kill -9 does.
        killed.close();
        apply.close();
        assertThat(folder.resolve("host/machine/agent/journal")).exists();
        Files.createFile(folder.resolve("file.go"));
        try (CliProcess _ = serve()) {
            Await.until(
                    "it is done",
                    PATIENCE,
                    () ->
                            formwork(0, "status", "greet", "--output", "json")
                                    .contains("hello you, hello you"));

            assertThat(folder.resolve("file.greet-nodes-0")).hasContent("x");
            assertThat(folder.resolve("file.greet-nodes-1")).hasContent("x");
            assertThat(formwork(0, "logs", "greet", "it@greet-nodes-0"))
                    .isEqualTo("line 1 of greet-nodes-0\nline 2\n");
            assertThat(folder.resolve("host/machine/launch")).doesNotExist();
            assertThat(folder.resolve("host/sets")).doesNotExist();

            formwork(0, "destroy", "greet", "--yes");

            for (String host : List.of("host", "host-rack-2")) {
                assertThat(folder.resolve(host).resolve("mark")).doesNotExist();
                assertThat(folder.resolve(host).resolve("machine")).doesNotExist();
            }
        }
    }

    @Test
    void exitCodesTimeLimitsAndCancellationHold() {
        try (CliProcess _ = serve()) {
            assertThat(formwork(3, "apply", "fails.yaml", "--yes")).contains("7");
            assertThat(formwork(0, "logs", "fails", "it@fails-nodes-0")).contains("no\n");
            assertThat(formwork(3, "apply", "hangs.yaml", "--yes")).contains("step.timeout");
            formwork(0, "destroy", "fails", "--yes");
            formwork(0, "destroy", "hangs", "--yes");
            try (CliProcess apply =
                    CliProcess.start(data, folder, "apply", "greet.yaml", "--yes")) {
                Await.until("it runs", PATIENCE, () -> has("file.greet-nodes-0", "x\n"));

                formwork(0, "cancel", "greet");

                apply.awaitEnd(3);
                assertThat(apply.out()).contains("cancelled");
            }
            assertThat(FolderProcesses.of(folder.resolve("host/machine"))).isEmpty();
        }
    }
}
