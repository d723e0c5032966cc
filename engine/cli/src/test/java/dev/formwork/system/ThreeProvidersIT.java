package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.FolderProcesses;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/// One cluster whose three members come from three providers: a process of the engine's host, a
/// host that stands and is reached by SSH, and an instance of a cloud that fetches its agent by
/// itself. The cloud's provider is a plugin, loaded out of its folder.
class ThreeProvidersIT {
    @TempDir private Path folder;

    @AfterEach
    void endAll() {
        FolderProcesses.end(folder);
    }

    @Test
    void makeOneClusterInOneRun() throws Exception {
        Needs.programs("python3", "tar", "setsid");
        int door = Sshd.freePort();
        Path data = folder.resolve("data");
        pack();
        try (Sshd sshd = Sshd.start(folder);
                ScriptedCloud cloud = new ScriptedCloud(folder.resolve("cloud"))) {
            Files.writeString(
                    folder.resolve("providers.yaml"),
                    "racks:\n%sec2:\n  type: aws\n  region: eu-central-1\n  endpoint: %s\n"
                            .formatted(sshd.provider("rack-1").indent(2), cloud.uri()));
            try (CliProcess serve =
                    CliProcess.start(
                            ScriptedCloud.credentials(),
                            data,
                            folder,
                            "serve",
                            "--port",
                            "0",
                            "--agents",
                            "127.0.0.1:" + door,
                            "--providers",
                            "providers.yaml",
                            "--plugins",
                            Checkout.root().resolve("providers/target/plugins").toString(),
                            "--pack",
                            "pack")) {
                serve.awaitOutput("is ready");

                CliProcess.run(0, data, folder, "apply", "cluster.yaml", "--yes");

                assertThat(CliProcess.run(0, data, folder, "status", "hybrid", "--output", "json"))
                        .contains("here hybrid-here-0, there hybrid-there-0, up hybrid-up-0");
                assertThat(cloud.instances()).hasSize(1);
                Path instance = cloud.instances().values().iterator().next();
                assertThat(instance.resolve("agent/journal")).exists();
                assertThat(folder.resolve("host/mark")).exists();

                CliProcess.run(0, data, folder, "destroy", "hybrid", "--yes");

                assertThat(folder.resolve("host/mark")).doesNotExist();
                assertThat(FolderProcesses.of(instance)).isEmpty();
            }
        }
    }

    private void pack() throws Exception {
        Files.createDirectories(folder.resolve("pack/where"));
        Files.createDirectories(folder.resolve("pack/list"));
        Files.createDirectories(folder.resolve("pack/all"));
        Files.writeString(
                folder.resolve("pack/pack.yaml"),
                "kind: Pack\nname: hybrid\nversion: 1.0.0\nsummary: Says who is there.\n");
        Files.writeString(
                folder.resolve("pack/where/module.yaml"),
                """
                kind: Task
                name: where
                version: 1.0.0
                summary: Says where it runs.
                inputs: {place: {type: string}}
                outputs: {said: {type: string}}
                repeat: idempotent
                run: printf '%s %s' "$INPUT_PLACE" "$FORMWORK_MACHINE" >"$FORMWORK_OUTPUTS/said"
                """);
        Files.writeString(
                folder.resolve("pack/list/module.yaml"),
                """
                kind: Task
                name: list
                version: 1.0.0
                summary: Says what all have said.
                inputs: {said: {type: string}}
                outputs: {list: {type: string}}
                repeat: idempotent
                run: printf '%s' "$INPUT_SAID" >"$FORMWORK_OUTPUTS/list"
                """);
        Files.writeString(
                folder.resolve("pack/all/module.yaml"),
                """
                kind: Workflow
                name: who-is-there
                version: 1.0.0
                summary: Asks everybody, and tells one.
                groups: [here, there, up]
                steps:
                  here: {on: here, uses: where, with: {place: here}}
                  there: {on: there, uses: where, with: {place: there}}
                  up: {on: up, uses: where, with: {place: up}}
                  list:
                    on: up
                    uses: list
                    with:
                      said: "${{ [steps.here.all.outputs.said[0], steps.there.all.outputs.said[0], steps.up.all.outputs.said[0]].join(', ') }}"
                outputs:
                  list: "${{ steps.list.all.outputs.list[0] }}"
                """);
        Files.writeString(
                folder.resolve("cluster.yaml"),
                """
                kind: Cluster
                name: hybrid
                workflow: who-is-there
                groups:
                  here: {count: 1, provider: local}
                  there: {count: 1, provider: racks}
                  up:
                    count: 1
                    provider: ec2
                    machine: {image: ami-0000000000000002a, type: t3.small}
                """);
    }
}
