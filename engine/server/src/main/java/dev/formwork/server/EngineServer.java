package dev.formwork.server;

import dev.formwork.model.ProblemException;
import dev.formwork.server.health.Readiness;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.module.PackStore;
import dev.formwork.server.security.ApiToken;
import dev.formwork.server.security.HostNames;
import dev.formwork.server.watch.Bells;
import dev.formwork.server.watch.WatchedStore;
import dev.formwork.workflow.store.InMemoryStore;
import dev.formwork.workflow.store.Store;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// Starts an engine that serves: the entry for the CLI and for tests.
public final class EngineServer {
    private EngineServer() {}

    /// Opens the data directory, starts the engine and listens.
    ///
    /// @throws ProblemException `server.needs-tls`, `server.port-in-use`, `server.data-directory`,
    ///   `store.locked`, and what keeps a pack or a provider from being loaded
    public static RunningServer start(ServeConfig config) {
        config.check();
        DataDirectory data = DataDirectory.open(config.data());
        ApiToken token = ApiToken.in(data);
        Bells bells = new Bells();
        Store store = new WatchedStore(new InMemoryStore(), bells);
        PackStore packs = PackStore.open(store, config.packs());
        Readiness readiness = new Readiness(Optional::empty);
        ApplicationContext context =
                ApplicationContext.builder()
                        .deduceEnvironment(false)
                        .environmentPropertySource(false)
                        .banner(false)
                        .properties(
                                Map.of(
                                        "micronaut.server.host", config.host(),
                                        "micronaut.server.port",
                                                config.port() == 0 ? -1 : config.port()))
                        .build();
        context.registerSingleton(Store.class, store);
        context.registerSingleton(Bells.class, bells);
        context.registerSingleton(PackStore.class, packs);
        context.registerSingleton(ApiToken.class, token);
        context.registerSingleton(HostNames.class, HostNames.of(config.host()));
        context.registerSingleton(Readiness.class, readiness);
        context.start();
        EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
        readiness.up();
        return new RunningServer() {
            @Override
            public URI uri() {
                return server.getURI();
            }

            @Override
            public void close() {
                context.close();
            }
        };
    }
}
