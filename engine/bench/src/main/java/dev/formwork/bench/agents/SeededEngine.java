package dev.formwork.bench.agents;

import dev.formwork.bench.database.Place;
import dev.formwork.bench.engine.LoopRate;
import dev.formwork.bench.engine.SimulatedAgents;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.store.H2Store;
import dev.formwork.store.PostgresSettings;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// An engine's data directory, and a database, with machines in it whose agents have registered,
/// and a pack.
///
/// @param directory of the engine: `data` in it is its data directory
/// @param database where the machines are, if not in the data directory
/// @param machines their names
/// @param credentials as their agents send them, in the order of the machines
public record SeededEngine(
        Path directory,
        Path pack,
        Optional<PostgresSettings> database,
        List<String> machines,
        List<String> credentials) {
    public SeededEngine {
        machines = List.copyOf(machines);
        credentials = List.copyOf(credentials);
    }

    /// On H2.
    ///
    /// @param directory does not exist yet
    public static SeededEngine make(Path directory, int machines, int steps) throws IOException {
        return make(
                directory,
                Optional.empty(),
                new Shape(machines, steps, "idempotent"),
                (sealer, clock) -> H2Store.open(directory.resolve("data/store"), sealer, clock));
    }

    /// What there is, and what its workflow does.
    ///
    /// @param steps one after the other on each machine
    /// @param repeat the word of the steps' task
    public record Shape(int machines, int steps, String repeat) {}

    /// In a new database.
    ///
    /// @param directory does not exist yet; its name is the database's
    public static SeededEngine onPostgres(Path directory, PostgresServer server, Shape shape)
            throws IOException {
        String name = directory.getFileName().toString();
        Place.OnPostgres place = new Place.OnPostgres(server);
        return make(
                directory,
                Optional.of(place.settings(name)),
                shape,
                (sealer, _) -> place.open(name, sealer));
    }

    private interface Opening {
        Store store(SecretSealer sealer, Clock clock);
    }

    private static SeededEngine make(
            Path directory, Optional<PostgresSettings> database, Shape shape, Opening opening)
            throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectories(directory);
        Files.createDirectory(
                data,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        SecretSealer sealer = SecretSealer.fromFile(data.resolve("engine.key"));
        Clock clock = Clock.systemUTC();
        try (Store store = opening.store(sealer, clock);
                LoopRate seeding = new LoopRate(store, sealer, clock, shape.machines())) {
            SimulatedAgents agents = seeding.agents();
            return new SeededEngine(
                    directory,
                    pack(directory.resolve("pack"), shape),
                    database,
                    agents.names(),
                    agents.credentials());
        }
    }

    /// A directory of one more engine on the same database, with the same keys.
    ///
    /// @param token of the API, as the first engine made it
    public Path beside(String name, String token) throws IOException {
        Path other = directory.resolveSibling(directory.getFileName() + "-" + name);
        Path data = Files.createDirectories(other.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        Files.copy(directory.resolve("data/engine.key"), data.resolve("engine.key"));
        Files.writeString(data.resolve("api-token"), token);
        Files.setPosixFilePermissions(
                data.resolve("api-token"), PosixFilePermissions.fromString("rw-------"));
        return other;
    }

    private static Path pack(Path pack, Shape shape) throws IOException {
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
                repeat: %s
                run: 'true'
                """
                        .formatted(shape.repeat()));
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
        for (int step = 0; step < shape.steps(); step++) {
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
    public String cluster(int round) {
        return cluster("fleet", machines, round);
    }

    /// The machines as the groups of as many clusters, all of the same size.
    ///
    /// @param count by which their number can be divided
    public List<String> clusters(int count, int round) {
        int size = machines.size() / count;
        return IntStream.range(0, count)
                .mapToObj(i ->
                        cluster("fleet-" + i, machines.subList(i * size, (i + 1) * size), round))
                .toList();
    }

    private static String cluster(String name, List<String> machines, int round) {
        return "kind: Cluster\nname: "
                + name
                + "\nworkflow: bench/chain\nwith: {round: "
                + round
                + "}\ngroups:\n  fleet: {machines: ["
                + String.join(", ", machines)
                + "]}\n";
    }
}
