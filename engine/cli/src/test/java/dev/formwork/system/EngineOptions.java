package dev.formwork.system;

import dev.formwork.model.value.Value;
import dev.formwork.postgres.PostgresServer;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.ServeConfig;
import dev.formwork.store.PostgresSettings;
import dev.formwork.workflow.engine.EngineSettings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a test wants its engine: as `formwork serve`, but for shorter patience.
///
/// @param port 0 for any
/// @param lease how long an agent may be silent
/// @param bootDeadline how long a machine may take until its agent calls
/// @param logBytes of one job that are kept
/// @param agent what is started as an agent instead of the agent
/// @param database where its state is, if not in its data directory
/// @param machines where the machines of provider `local` are, if not in its data directory
/// @param failpoint at which the engine ends itself, such as `after-commit:17`
/// @param pack that it is started with, beside the standard one
record EngineOptions(
        int port,
        Duration lease,
        Duration bootDeadline,
        long logBytes,
        Optional<String> agent,
        Optional<PostgresSettings> database,
        Optional<Path> machines,
        Optional<String> failpoint,
        Optional<Path> pack) {
    static final EngineOptions USUAL =
            new EngineOptions(
                    0,
                    Duration.ofSeconds(90),
                    Duration.ofMinutes(2),
                    EngineSettings.STANDARD.logBytes(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    EngineOptions withPort(int next) {
        return new EngineOptions(
                next, lease, bootDeadline, logBytes, agent, database, machines, failpoint, pack);
    }

    EngineOptions withLease(Duration next) {
        return new EngineOptions(
                port, next, bootDeadline, logBytes, agent, database, machines, failpoint, pack);
    }

    EngineOptions withBootDeadline(Duration next) {
        return new EngineOptions(
                port, lease, next, logBytes, agent, database, machines, failpoint, pack);
    }

    EngineOptions withLogBytes(long next) {
        return new EngineOptions(
                port, lease, bootDeadline, next, agent, database, machines, failpoint, pack);
    }

    /// A shell's command line that runs instead of each agent.
    EngineOptions withAgent(String command) {
        return new EngineOptions(
                port,
                lease,
                bootDeadline,
                logBytes,
                Optional.of(command),
                database,
                machines,
                failpoint,
                pack);
    }

    /// A new database of a server; its password goes by the variable.
    EngineOptions withDatabaseOf(PostgresServer server, String name) {
        server.createDatabase(name);
        PostgresSettings settings =
                PostgresSettings.parse(
                                "postgresql://%s@127.0.0.1:%d/%s"
                                        .formatted(PostgresServer.USER, server.port(), name))
                        .withPassword(PostgresServer.PASSWORD);
        return new EngineOptions(
                port,
                lease,
                bootDeadline,
                logBytes,
                agent,
                Optional.of(settings),
                machines,
                failpoint,
                pack);
    }

    EngineOptions withMachinesIn(Path directory) {
        return new EngineOptions(
                port,
                lease,
                bootDeadline,
                logBytes,
                agent,
                database,
                Optional.of(directory),
                failpoint,
                pack);
    }

    EngineOptions withFailpoint(String next) {
        return new EngineOptions(
                port,
                lease,
                bootDeadline,
                logBytes,
                agent,
                database,
                machines,
                Optional.of(next),
                pack);
    }

    EngineOptions withoutFailpoint() {
        return new EngineOptions(
                port,
                lease,
                bootDeadline,
                logBytes,
                agent,
                database,
                machines,
                Optional.empty(),
                pack);
    }

    EngineOptions withPack(Path next) {
        return new EngineOptions(
                port,
                lease,
                bootDeadline,
                logBytes,
                agent,
                database,
                machines,
                failpoint,
                Optional.of(next));
    }

    List<String> arguments(Path data) {
        return List.of(
                data.toString(),
                Integer.toString(port),
                lease.toString(),
                bootDeadline.toString(),
                Long.toString(logBytes),
                agent.orElse(""),
                database.map(PostgresSettings::toString).orElse(""),
                machines.map(Path::toString).orElse(""),
                pack.map(Path::toString).orElse(""));
    }

    /// The other direction, in the engine's process.
    static ServeConfig config(String[] arguments) {
        EngineSettings usual = EngineSettings.STANDARD;
        Duration lease = Duration.parse(arguments[2]);
        EngineSettings settings =
                new EngineSettings(
                        lease,
                        Duration.parse(arguments[3]),
                        usual.grace(),
                        usual.reportGrace(),
                        usual.engineJobs(),
                        usual.providerAttempts(),
                        usual.providerBackoff(),
                        usual.interruptions(),
                        Long.parseLong(arguments[4]));
        AgentLaunch agent =
                arguments[5].isEmpty()
                        ? AgentLaunch.java(Checkout.java(), Checkout.agentJars())
                        : new AgentLaunch(List.of("/bin/sh", "-c", arguments[5]));
        ServeConfig config =
                ServeConfig.of(Path.of(arguments[0]), packs(arguments[8]), agent, "0.0.0-system")
                        .withPort(Integer.parseInt(arguments[1]))
                        .withPoll(lease.dividedBy(4))
                        .withSettings(settings)
                        .withEngineAgent(arguments[5].isEmpty())
                        .withProviders(Map.of("local", local(arguments[7])));
        return arguments[6].isEmpty()
                ? config
                : config.withDatabase(
                        PostgresSettings.parse(arguments[6])
                                .withPassword(System.getenv("PGPASSWORD")));
    }

    private static List<Path> packs(String more) {
        return more.isEmpty()
                ? List.of(Checkout.standardPack())
                : List.of(Checkout.standardPack(), Path.of(more));
    }

    private static Value.Struct local(String directory) {
        Map<String, Value> settings = new HashMap<>();
        if (!directory.isEmpty()) {
            settings.put("directory", Value.of(directory));
        }
        settings.put("cache", Value.of(Checkout.cache().toString()));
        settings.put("grace_seconds", Value.of(2));
        return Value.of(settings);
    }
}
