package dev.formwork.cli.moduletest;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EngineLocation;
import dev.formwork.cli.files.Trees;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.EngineServer;
import dev.formwork.server.RunningServer;
import dev.formwork.server.ServeConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// An engine in this process that nothing is left of.
final class ThrowawayEngine implements AutoCloseable {
    private final Path home;
    private final RunningServer server;
    private final EngineClient client;

    private ThrowawayEngine(Path home, RunningServer server) {
        this.home = home;
        this.server = server;
        this.client =
                new EngineClient(
                        EngineLocation.named(
                                server.uri().toString(),
                                Optional.of(home.resolve("data").resolve("api-token")),
                                Optional.empty(),
                                home.resolve("data")));
    }

    /// @throws dev.formwork.model.ProblemException what keeps an engine from starting
    static ThrowawayEngine start(AgentLaunch agent, List<Path> packs, String version) {
        try {
            Path home = Files.createTempDirectory("formwork-test-");
            ServeConfig config =
                    ServeConfig.of(home.resolve("data"), packs, agent, version)
                            .withPort(0)
                            .withConsole(false);
            return new ThrowawayEngine(home, EngineServer.start(config));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary directory", e);
        }
    }

    EngineClient client() {
        return client;
    }

    /// A folder for one test's use.
    Path folder(String name) {
        try {
            return Files.createDirectories(home.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + home.resolve(name), e);
        }
    }

    @Override
    public void close() {
        server.close();
        Trees.delete(home);
    }
}
