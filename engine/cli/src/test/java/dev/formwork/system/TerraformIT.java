package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/// A configuration of Terraform's in a cluster: from `apply` to `destroy`, with the stand-in of the
/// agent's tests for a program.
class TerraformIT {
    private static final Map<String, String> PACK =
            Map.of(
                    "pack.yaml",
                    """
                    kind: Pack
                    name: infra
                    version: 1.0.0
                    """,
                    "cluster.yaml",
                    """
                    kind: Cluster
                    name: demo
                    workflow: site
                    with: {path: PATH}
                    """,
                    "site/module.yaml",
                    """
                    kind: Workflow
                    name: site
                    version: 1.0.0
                    inputs:
                      path: {type: string}
                    steps:
                      network:
                        on: engine
                        uses: network
                        with: {path: "${{ inputs.path }}"}
                    outputs:
                      path: ${{ steps.network.outputs.path }}
                    """,
                    "network/module.yaml",
                    """
                    kind: Task
                    name: network
                    version: 1.0.0
                    inputs:
                      path: {type: string}
                    outputs:
                      path: {type: string}
                      token: {type: string, secret: true}
                    runner: terraform
                    run: infra/
                    check: true
                    undo: true
                    """,
                    "network/infra/main.tf.json",
                    """
                    {"variable": {"path": {}},
                     "resource": {"local_file": {"file": {"filename": "${var.path}", "content": "made"}}},
                     "output": {"path": {"value": "${local_file.file.filename}"},
                                "token": {"value": "t", "sensitive": true}}}
                    """);

    @TempDir private Path folder;

    @Test
    void itsPlanIsTheReasonInThePlanOfACluster() throws IOException {
        Needs.programs("python3");
        Path file = folder.resolve("file");
        Path cluster = folder.resolve("pack/cluster.yaml");
        for (Map.Entry<String, String> each : PACK.entrySet()) {
            Path written = folder.resolve("pack").resolve(each.getKey());
            Files.createDirectories(written.getParent());
            Files.writeString(written, each.getValue().replace("PATH", file.toString()));
        }
        try (EngineProcess engine = engine()) {
            formwork(0, engine, "apply", cluster.toString(), "--yes");
            assertThat(file).hasContent("made");
            assertThat(engine.api().cluster("demo").outputs().path("path").asString(""))
                    .isEqualTo(file.toString());
            assertThat(formwork(0, engine, "plan", cluster.toString(), "--detailed-exitcode"))
                    .contains("unchanged");

            Files.writeString(file, "drifted");
            assertThat(formwork(2, engine, "plan", cluster.toString(), "--detailed-exitcode"))
                    .containsIgnoringWhitespaces(
                            "its check does not hold: 0 to add, 1 to change, 0 to destroy");

            formwork(0, engine, "destroy", "demo", "--yes");
            assertThat(file).doesNotExist();
        }
    }

    /// An engine whose agent finds the stand-in.
    private EngineProcess engine() throws IOException {
        Path program = Files.createDirectories(folder.resolve("bin")).resolve("terraform");
        Files.copy(
                Checkout.root()
                        .resolve("agents/host/src/test/resources/dev/formwork/agent/terraform")
                        .resolve("stand-in.py"),
                program);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path data = folder.resolve("data");
        return new EngineProcess(
                        data,
                        data,
                        List.of("env", "PATH=" + program.getParent() + ":" + System.getenv("PATH")))
                .start(EngineOptions.USUAL);
    }

    private String formwork(int exitCode, EngineProcess engine, String... arguments) {
        return CliProcess.run(exitCode, engine.data(), folder, arguments);
    }
}
