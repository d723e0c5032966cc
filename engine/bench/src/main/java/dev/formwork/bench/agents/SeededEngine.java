package dev.formwork.bench.agents;

import dev.formwork.bench.engine.LoopRate;
import dev.formwork.bench.engine.SimulatedAgents;
import dev.formwork.store.H2Store;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;

/// An engine's data directory with machines in it whose agents have registered, and a pack.
///
/// @param directory of the engine: `data` in it is its data directory
/// @param machines their names
/// @param credentials as their agents send them, in the order of the machines
record SeededEngine(Path directory, Path pack, List<String> machines, List<String> credentials) {
    /// @param directory does not exist yet
    static SeededEngine make(Path directory, int machines, int steps) throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectories(directory);
        Files.createDirectory(
                data,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        SecretSealer sealer = SecretSealer.fromFile(data.resolve("engine.key"));
        Clock clock = Clock.systemUTC();
        try (Store store = H2Store.open(data.resolve("store"), sealer, clock);
                LoopRate seeding = new LoopRate(store, sealer, clock, machines)) {
            SimulatedAgents agents = seeding.agents();
            return new SeededEngine(
                    directory,
                    pack(directory.resolve("pack"), steps),
                    agents.names(),
                    agents.credentials());
        }
    }

    private static Path pack(Path pack, int steps) throws IOException {
        Files.createDirectories(pack.resolve("tiny"));
        Files.createDirectories(pack.resolve("chain"));
        Files.writeString(pack.resolve("pack.yaml"), "kind: Pack\nname: bench\nversion: 1.0.0\n");
        Files.writeString(
                pack.resolve("tiny/module.yaml"),
                """
                kind: Task
                name: bench/tiny
                version: 1.0.0
                inputs: {round: {type: integer}}
                outputs: {client_url: {type: string}}
                run: 'true'
                """);
        StringBuilder workflow =
                new StringBuilder(
                        """
                        kind: Workflow
                        name: bench/chain
                        version: 1.0.0
                        groups: [fleet]
                        inputs: {round: {type: integer}}
                        steps:
                        """);
        for (int step = 0; step < steps; step++) {
            String needs = step == 0 ? "" : ", needs: {s" + (step - 1) + ": same}";
            workflow.append(
                    "  s%d: {on: fleet, uses: bench/tiny, with: {round: \"${{ inputs.round }}\"}%s}\n"
                            .formatted(step, needs));
        }
        Files.writeString(pack.resolve("chain/module.yaml"), workflow);
        return pack;
    }

    /// All machines, as one group of a cluster.
    ///
    /// @param round another one has every step run anew
    String cluster(int round) {
        return "kind: Cluster\nname: fleet\nworkflow: bench/chain\nwith: {round: "
                + round
                + "}\ngroups:\n  fleet: {machines: ["
                + String.join(", ", machines)
                + "]}\n";
    }
}
