package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.FolderProcesses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/// A cluster on hosts that stand, reached by SSH: `formwork` and OpenSSH's server as they are, a
/// host that has no Java, and an agent that calls the engine by TLS.
class SshMachinesIT {
    @TempDir private Path folder;

    @AfterEach
    void endAll() {
        FolderProcesses.end(folder);
    }

    @Test
    void aClusterIsMadeOnAHostWithoutJavaAndLeavesItAgain() throws Exception {
        int door = Sshd.freePort();
        Sshd sshd = Sshd.start(folder);
        Path data = folder.resolve("data");
        Files.writeString(
                folder.resolve("providers.yaml"), "racks:\n" + sshd.provider("rack-1").indent(2));
        Path pack = Files.createDirectories(folder.resolve("pack/hello"));
        Files.writeString(
                folder.resolve("pack/pack.yaml"),
                "kind: Pack\nname: hello\nversion: 1.0.0\nsummary: Says hello.\n");
        Files.writeString(
                pack.resolve("module.yaml"),
                """
                kind: Task
                name: hello
                version: 1.0.0
                summary: Says where it runs.
                inputs: {file: {type: string}}
                outputs: {where: {type: string}}
                repeat: idempotent
                run: |
                  printf '%s' "$FORMWORK_STATE" >"$INPUT_FILE"
                  printf '%s' "$FORMWORK_MACHINE" >"$FORMWORK_OUTPUTS/where"
                """);
        Files.createDirectories(folder.resolve("pack/all"));
        Files.writeString(
                folder.resolve("pack/all/module.yaml"),
                """
                kind: Workflow
                name: hello-all
                version: 1.0.0
                summary: Says hello everywhere.
                groups: [nodes]
                inputs: {file: {type: string}}
                steps:
                  hello: {on: nodes, uses: hello, with: {file: "${{ inputs.file }}"}}
                """);
        Path said = folder.resolve("said");
        Path cluster = folder.resolve("cluster.yaml");
        Files.writeString(
                cluster,
                """
                kind: Cluster
                name: steel
                workflow: hello-all
                groups:
                  nodes: {count: 1, provider: racks, machine: {hosts: [rack-1]}}
                with: {file: %s}
                """
                        .formatted(said));
        try (sshd;
                CliProcess serve =
                        CliProcess.start(
                                data,
                                folder,
                                "serve",
                                "--port",
                                "0",
                                "--agents",
                                "127.0.0.1:" + door,
                                "--providers",
                                "providers.yaml",
                                "--pack",
                                "pack")) {
            serve.awaitOutput("is ready");

            CliProcess.run(0, data, folder, "apply", "cluster.yaml", "--yes");

            assertThat(said)
                    .content()
                    .isEqualTo(folder.resolve("host/machine/agent/state").toString());
            Path launch = folder.resolve("host/machine/launch");
            assertThat(launch)
                    .content()
                    .contains("FORMWORK_ENGINE_URL='https://127.0.0.1:%d'".formatted(door));
            assertThat(launch).content().contains("/bin/java'");
            assertThat(CliProcess.run(0, data, folder, "machines")).contains("steel-nodes-0");

            CliProcess.run(0, data, folder, "destroy", "steel", "--yes");

            assertThat(folder.resolve("host/mark")).doesNotExist();
            assertThat(folder.resolve("host/machine")).doesNotExist();
            Path host = folder.resolve("host");
            assertThat(FolderProcesses.of(host)).isEmpty();
        }
    }
}
