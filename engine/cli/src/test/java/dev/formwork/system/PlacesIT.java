package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.FolderProcesses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `examples/places` by the commands of its README, and a place that really has no room: a provider
/// whose disk is full.
class PlacesIT {
    private static final String EXAMPLE = "examples/places/cluster.yaml";

    @TempDir private Path folder;

    @AfterEach
    void endAll() {
        FolderProcesses.end(folder);
    }

    @Test
    void machinesAreMadeWhereItIsCheapestAndElsewhereWhenThatIsFull() throws IOException {
        Path root = Checkout.root();
        Path data = folder.resolve("data");
        Path providers = folder.resolve("providers.yaml");
        Path spill = folder.resolve("cluster.yaml");
        Files.writeString(
                spill,
                Files.readString(root.resolve(EXAMPLE))
                        .replace("name: spread", "name: spill")
                        .replace("count: 3", "count: 1")
                        .replace("    prefer: cheapest\n", "")
                        .replace("provider: racks", "provider: full"));
        try (FullDisk disk = FullDisk.mount(folder.resolve("disk"), "256k")) {
            Files.writeString(
                    providers,
                    Files.readString(root.resolve("examples/places/providers.yaml"))
                            + "full: {type: local, directory: "
                            + folder.resolve("disk")
                            + "}\n");
            try (CliProcess serve =
                    CliProcess.start(
                            disk.prefix(),
                            data,
                            root,
                            "serve",
                            "--port",
                            "0",
                            "--providers",
                            providers.toString(),
                            "--prices",
                            root.resolve("examples/places/prices.yaml").toString())) {
                serve.awaitOutput("is ready");
                example(data, root);
                disk.fill();
                full(data, root, spill.toString());
            }
        }
    }

    private static void example(Path data, Path root) {
        String plan = CliProcess.run(0, data, root, "plan", EXAMPLE);
        assertThat(plan.replaceAll("\\s+", " "))
                .contains(
                        "+ create spread-web-[0,1] does not exist yet (racks, 0.01 EUR/h; or cloud,"
                                + " 0.0816 EUR/h)",
                        "+ create spread-web-2 does not exist yet (cloud, 0.0816 EUR/h)",
                        "Effects: 3 costs.",
                        "Cost: +0.1016 EUR/h: 0.1016 for 3 machines, was 0 for 0 machines; up to"
                                + " 0.2448 EUR/h where places are out of quota.");
        assertThat(CliProcess.run(1, data, root, "apply", EXAMPLE, "--most-per-hour", "0.1"))
                .contains("plan.too-costly: the machines may cost 0.2448 EUR/h");

        CliProcess.run(0, data, root, "apply", EXAMPLE, "--most-per-hour", "0.3", "--yes");

        assertThat(CliProcess.run(0, data, root, "status", "spread", "-v"))
                .contains("Hello from racks", "Hello from cloud");
        assertThat(CliProcess.run(0, data, root, "plan", EXAMPLE, "--detailed-exitcode"))
                .contains("Nothing to do", "Cost: 0.1016 EUR/h for 3 machines.");
        assertThat(CliProcess.run(0, data, root, "destroy", "spread", "--yes"))
                .contains("Cost: -0.1016 EUR/h: 0 for 0 machines, was 0.1016 for 3 machines.");
    }

    private static void full(Path data, Path root, String cluster) {
        assertThat(
                        CliProcess.run(
                                1,
                                data,
                                root,
                                "apply",
                                cluster,
                                "--pack",
                                "examples/places",
                                "--most-per-hour",
                                "9"))
                .contains("plan.price-unknown");
        assertThat(
                        CliProcess.run(
                                0,
                                data,
                                root,
                                "plan",
                                cluster,
                                "--pack",
                                "examples/places",
                                "-o",
                                "json"))
                .contains("\"per_hour\"", "\"unpriced\"");

        CliProcess.run(0, data, root, "apply", cluster, "--pack", "examples/places", "--yes");

        assertThat(CliProcess.run(0, data, root, "explain", "spill", "machine:create@spill-web-0"))
                .contains("full had no quota; placed on cloud");
        assertThat(CliProcess.run(0, data, root, "machines")).contains("spill-web-0", "cloud");
        CliProcess.run(0, data, root, "destroy", "spill", "--yes");
    }
}
