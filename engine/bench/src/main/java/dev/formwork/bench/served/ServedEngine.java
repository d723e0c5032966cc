package dev.formwork.bench.served;

import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.EngineServer;
import dev.formwork.server.ServeConfig;
import dev.formwork.store.PostgresSettings;

import java.nio.file.Path;
import java.util.List;

/// The program in the engine's process: an engine with an agent of its own, on a free port.
final class ServedEngine {
    private ServedEngine() {}

    /// @param arguments its data directory, a pack, the folder with the agent's jars, and the
    ///   database, if its state is in one; the database's password is in `PGPASSWORD`
    public static void main(String[] arguments) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ServeConfig config =
                ServeConfig.of(
                                Path.of(arguments[0]),
                                List.of(Path.of(arguments[1])),
                                AgentLaunch.java(java, Path.of(arguments[2])),
                                "bench")
                        .withPort(0)
                        .withConsole(false);
        EngineServer.serve(
                arguments.length > 3
                        ? config.withDatabase(
                                PostgresSettings.parse(arguments[3])
                                        .withPassword(System.getenv("PGPASSWORD")))
                        : config,
                System.out);
    }
}
