package dev.formwork.server;

import dev.formwork.model.ProblemException;
import dev.formwork.model.price.PriceTable;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.boot.BootSetup;
import dev.formwork.server.retention.RetentionPolicy;
import dev.formwork.server.tls.TlsAddress;
import dev.formwork.store.PostgresSettings;
import dev.formwork.workflow.engine.EngineSettings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What `formwork serve` was told.
///
/// @param data the engine's directory; made where there is none
/// @param database where the state is kept; in `data`, where there is none
/// @param host the loopback address to listen on
/// @param port 0 for the one it had last time, if it is free, or any
/// @param tls where it listens for other hosts, if it does
/// @param packs directories of packs that every plan uses, later ones over earlier ones
/// @param providers name to settings of providers beyond those that need none; `type` in them says
///   which type, the name itself if left out
/// @param prices what an operator says that machines cost
/// @param plugins with a folder for each plugin, which brings more types of providers; may not
///   exist
/// @param agent how agents are started on this host
/// @param engineAgent whether to start the engine's own agent, beside the engine
/// @param poll how long an agent's poll may be held; less than a third of the lease
/// @param settings the core's limits
/// @param retention what is kept of runs, events and plans
/// @param boot what machines boot from the network, and who may; empty for no boot server
/// @param console whether the log goes to standard error as well
/// @param version the engine's version, for people
public record ServeConfig(
        Path data,
        Optional<PostgresSettings> database,
        String host,
        int port,
        Optional<TlsAddress> tls,
        List<Path> packs,
        Map<String, Value.Struct> providers,
        Optional<PriceTable> prices,
        Path plugins,
        AgentLaunch agent,
        boolean engineAgent,
        Duration poll,
        EngineSettings settings,
        RetentionPolicy retention,
        Optional<BootSetup> boot,
        boolean console,
        String version) {
    public static final String LOOPBACK = "127.0.0.1";
    public static final int STANDARD_PORT = 7474;

    public ServeConfig {
        data = data.toAbsolutePath().normalize();
        plugins = plugins.toAbsolutePath().normalize();
        packs = List.copyOf(packs);
        providers = Map.copyOf(providers);
    }

    /// Everything else as usual: loopback, the standard port, the engine's own agent.
    public static ServeConfig of(Path data, List<Path> packs, AgentLaunch agent, String version) {
        return new ServeConfig(
                data,
                Optional.empty(),
                LOOPBACK,
                STANDARD_PORT,
                Optional.empty(),
                packs,
                Map.of(),
                Optional.empty(),
                data.resolve("plugins"),
                agent,
                true,
                Duration.ofSeconds(25),
                EngineSettings.STANDARD,
                RetentionPolicy.STANDARD,
                Optional.empty(),
                true,
                version);
    }

    public ServeConfig withDatabase(PostgresSettings next) {
        return changed(draft -> draft.database = Optional.of(next));
    }

    public ServeConfig withPort(int next) {
        return changed(draft -> draft.port = next);
    }

    public ServeConfig withHost(String next) {
        return changed(draft -> draft.host = next);
    }

    public ServeConfig withTls(TlsAddress next) {
        return changed(draft -> draft.tls = Optional.of(next));
    }

    public ServeConfig withPacks(List<Path> next) {
        return changed(draft -> draft.packs = next);
    }

    public ServeConfig withProviders(Map<String, Value.Struct> next) {
        return changed(draft -> draft.providers = next);
    }

    public ServeConfig withPrices(PriceTable next) {
        return changed(draft -> draft.prices = Optional.of(next));
    }

    public ServeConfig withPlugins(Path next) {
        return changed(draft -> draft.plugins = next);
    }

    public ServeConfig withEngineAgent(boolean next) {
        return changed(draft -> draft.engineAgent = next);
    }

    public ServeConfig withPoll(Duration next) {
        return changed(draft -> draft.poll = next);
    }

    public ServeConfig withSettings(EngineSettings next) {
        return changed(draft -> draft.settings = next);
    }

    public ServeConfig withRetention(RetentionPolicy next) {
        return changed(draft -> draft.retention = next);
    }

    public ServeConfig withBoot(BootSetup next) {
        return changed(draft -> draft.boot = Optional.of(next));
    }

    public ServeConfig withConsole(boolean next) {
        return changed(draft -> draft.console = next);
    }

    private ServeConfig changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.config();
    }

    /// What of it changes, while it is changed.
    private static final class Draft {
        private final ServeConfig before;
        private Optional<PostgresSettings> database;
        private String host;
        private int port;
        private Optional<TlsAddress> tls;
        private List<Path> packs;
        private Map<String, Value.Struct> providers;
        private Optional<PriceTable> prices;
        private Path plugins;
        private boolean engineAgent;
        private Duration poll;
        private EngineSettings settings;
        private RetentionPolicy retention;
        private Optional<BootSetup> boot;
        private boolean console;

        private Draft(ServeConfig before) {
            this.before = before;
            this.database = before.database;
            this.host = before.host;
            this.port = before.port;
            this.tls = before.tls;
            this.packs = before.packs;
            this.providers = before.providers;
            this.prices = before.prices;
            this.plugins = before.plugins;
            this.engineAgent = before.engineAgent;
            this.poll = before.poll;
            this.settings = before.settings;
            this.retention = before.retention;
            this.boot = before.boot;
            this.console = before.console;
        }

        private ServeConfig config() {
            return new ServeConfig(
                    before.data,
                    database,
                    host,
                    port,
                    tls,
                    packs,
                    providers,
                    prices,
                    plugins,
                    before.agent,
                    engineAgent,
                    poll,
                    settings,
                    retention,
                    boot,
                    console,
                    before.version);
        }
    }

    /// @throws ProblemException `server.needs-tls`, `server.bad-address`, and as [TlsAddress#check]
    void check() {
        InetAddress address = address().orElseThrow(() -> badAddress("not an address: " + host));
        if (!address.isLoopbackAddress()) {
            throw ProblemException.of(
                    "server.needs-tls",
                    "the engine speaks plain HTTP, so it listens on this host only, not on " + host,
                    "leave --host out, and have it speak TLS there as well: --agents " + host);
        }
        if (port < 0 || port > 65_535) {
            throw badAddress("not a port: " + port);
        }
        tls.ifPresent(TlsAddress::check);
    }

    private Optional<InetAddress> address() {
        try {
            return Optional.of(InetAddress.getByName(host));
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
    }

    private static ProblemException badAddress(String detail) {
        return ProblemException.of(
                "server.bad-address", detail, "such as --host 127.0.0.1 --port 7474");
    }
}
