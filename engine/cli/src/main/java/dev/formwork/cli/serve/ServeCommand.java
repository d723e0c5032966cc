package dev.formwork.cli.serve;

import dev.formwork.cli.session.Distribution;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;
import dev.formwork.model.yaml.PriceLoader;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.EngineServer;
import dev.formwork.server.RunningServer;
import dev.formwork.server.ServeConfig;
import dev.formwork.server.boot.BootSetup;
import dev.formwork.server.home.UntilStopped;
import dev.formwork.server.retention.RetentionPolicy;
import dev.formwork.server.tls.TlsAddress;
import dev.formwork.store.PostgresSettings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork serve`.
@Command(
        name = "serve",
        description = "Starts the engine, in the foreground. TERM and Ctrl-C stop it in order.")
public final class ServeCommand implements Callable<Integer> {
    private final Session session;
    private final String version;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "A loopback address to listen on (default: 127.0.0.1).")
    private String host = ServeConfig.LOOPBACK;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "0 takes the one it had last, or a free one (default: 7474).")
    private int port = ServeConfig.STANDARD_PORT;

    @Option(
            names = "--agents",
            paramLabel = "ADDRESS[:PORT]",
            description =
                    "Listens for agents, engines and clients of other hosts as well, by TLS (port:"
                            + " 7443; 0 as for --port). `formwork ca` prints what they have to"
                            + " trust.")
    private Optional<String> agents = Optional.empty();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "A DNS name or an address by which other hosts reach --agents, beside that"
                            + " address; may be repeated, the best one first.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description =
                    "A pack that every plan uses, over the standard one; may be repeated, later"
                            + " ones over earlier ones.")
    private List<Path> packs = new ArrayList<>();

    @Option(names = "--no-standard-pack", description = "Leaves the standard pack out.")
    private boolean noStandardPack;

    @Mixin private final DatabaseOptions database = new DatabaseOptions();

    @Option(
            names = "--keep-runs",
            paramLabel = "N",
            description = "How many runs of each cluster are kept (default: 100).")
    private int keepRuns = RetentionPolicy.STANDARD.keepRuns();

    @Option(
            names = "--keep-days",
            paramLabel = "D",
            description = "How many days runs, events and plans are kept (default: 90).")
    private int keepDays = (int) RetentionPolicy.STANDARD.keepFor().toDays();

    @Option(
            names = "--providers",
            paramLabel = "FILE",
            description =
                    "What providers are opened with, by name (docs/providers.md). Those that it does"
                            + " not name are there without settings.")
    private Optional<Path> providers = Optional.empty();

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description =
                    "What machines cost, as this file with kind: Prices says: plans tell it, and"
                            + " groups can prefer the cheapest place (docs/planning.md).")
    private Optional<Path> prices = Optional.empty();

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description =
                    "Where plugins are that bring more types of providers, each a folder of jars"
                            + " (default: plugins in the data directory).")
    private Optional<Path> plugins = Optional.empty();

    @Option(
            names = "--machines",
            paramLabel = "DIR",
            description =
                    "Where providers of this host keep their machines (default: in the data directory)."
                            + " Engines of one host that share a database share this too.")
    private Optional<Path> machines = Optional.empty();

    @Option(
            names = "--boot",
            paramLabel = "FILE",
            description =
                    "Boots machines from the network, as this file with kind: BootServer says"
                            + " (docs/netboot.md).")
    private Optional<Path> boot = Optional.empty();

    public ServeCommand(Session session, String version) {
        this.session = session;
        this.version = version;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<PostgresSettings> place = database.settings(session);
        ServeConfig usual =
                config(session, packs(), version)
                        .withHost(host)
                        .withPort(port)
                        .withProviders(
                                ProviderSettings.read(
                                        providers.map(session::resolve),
                                        machines.map(session::resolve)))
                        .withRetention(RetentionPolicy.of(keepRuns, keepDays));
        ServeConfig priced =
                prices.map(session::resolve)
                        .map(file -> PriceLoader.load(file.toString(), ProviderSettings.text(file)))
                        .map(usual::withPrices)
                        .orElse(usual);
        ServeConfig booting =
                boot.map(session::resolve)
                        .map(BootSetup::load)
                        .map(priced::withBoot)
                        .orElse(priced);
        ServeConfig plugged =
                plugins.map(session::resolve).map(booting::withPlugins).orElse(booting);
        ServeConfig local = place.map(plugged::withDatabase).orElse(plugged);
        ServeConfig config = tls().map(local::withTls).orElse(local);
        RunningServer server = EngineServer.start(config);
        UntilStopped stopped = UntilStopped.stopping(server::close);
        session.print("Formwork " + version + " is ready: " + server.uri());
        server.secureUri()
                .ifPresent(uri -> session.print("agents of other hosts call it at " + uri));
        session.print("data directory " + config.data());
        session.out().flush();
        stopped.await();
        return ExitCode.OK;
    }

    /// What an engine of this installation is started with.
    ///
    /// @throws dev.formwork.model.ProblemException `cli.no-agent`
    public static ServeConfig config(Session session, List<Path> packs, String version) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        AgentLaunch agent = AgentLaunch.java(java, session.distribution().agentJars());
        return ServeConfig.of(session.dataDirectory(), packs, agent, version);
    }

    private Optional<TlsAddress> tls() {
        if (agents.isEmpty() && !names.isEmpty()) {
            throw ProblemException.of(
                    "cli.usage",
                    "--name without --agents: nobody of another host can call this engine",
                    "add --agents ADDRESS");
        }
        return agents.map(TlsAddress::parse).map(address -> address.withNames(names));
    }

    private List<Path> packs() {
        List<Path> all = new ArrayList<>();
        Distribution distribution = session.distribution();
        if (!noStandardPack) {
            distribution.standardPack().ifPresent(all::add);
        }
        packs.stream().map(session::resolve).forEach(all::add);
        return all;
    }
}
