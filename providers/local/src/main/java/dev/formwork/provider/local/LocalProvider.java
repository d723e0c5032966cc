package dev.formwork.provider.local;

import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The machines of one data directory on this host. Holds no state but the directory's.
final class LocalProvider implements Provider {
    static final String DEFAULT_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final OwnMachines machines;
    private final Capabilities capabilities;

    private LocalProvider(OwnMachines machines, Capabilities capabilities) {
        this.machines = machines;
        this.capabilities = capabilities;
    }

    /// @param environment the engine's own
    static LocalProvider open(
            ProviderContext context, Map<String, String> environment, Progress progress) {
        Settings config = Settings.config(context);
        Path home =
                config.text("directory")
                        .map(path -> context.dataDirectory().resolve(path).normalize())
                        .orElse(context.dataDirectory());
        Path cache =
                config.text("cache")
                        .map(path -> home.resolve(path).normalize())
                        .orElse(home.resolve("cache"));
        Duration grace = Duration.ofSeconds(config.integer("grace_seconds", 5, 0, 600));
        if (home.toString().chars().anyMatch(Character::isISOControl)) {
            config.refuse("data directory", "its path has a control character", "move it");
        }
        config.finish();

        Path proc = Path.of("/proc");
        String path = environment.getOrDefault("PATH", DEFAULT_PATH);
        HostRequirements.check(proc, path);

        Path data = directory(home);
        MachineStore store = new MachineStore(data, progress);
        HostLocks locks = new HostLocks(data.resolve("locks"));
        OwnMachines machines = new OwnMachines(context.name(), context.engine(), store, locks);
        machines.run(
                "open provider " + context.name(),
                () -> {
                    Files.createDirectories(cache);
                    try (HostLocks.Held _ = locks.allocation()) {
                        store.prepare();
                    }
                    return data;
                });

        ProcessTable table = new ProcessTable(proc);
        MachineProcesses processes = new MachineProcesses(table, grace);
        AgentProcess agents = new AgentProcess(table, path);
        MachineScripts scripts =
                new MachineScripts(
                        environment, context.engineUrl().toString(), context.agent(), cache, grace);
        MountTable mounts = new MountTable(proc.resolve("self/mountinfo"));
        return new LocalProvider(
                machines,
                Capabilities.none()
                        .with(
                                InstanceLifecycle.class,
                                new LocalInstances(
                                        machines,
                                        processes,
                                        agents,
                                        scripts,
                                        mounts,
                                        progress,
                                        context.clock()))
                        .with(
                                PowerControl.class,
                                new LocalPower(machines, processes, agents, scripts, progress))
                        .with(
                                AgentSupervision.class,
                                new LocalAgents(machines, processes, agents, scripts)));
    }

    /// The directory's real path, which is what its processes say of themselves.
    private static Path directory(Path data) {
        try {
            return Files.createDirectories(data).toRealPath();
        } catch (IOException failed) {
            throw ProviderCode.INVALID_CONFIG.problem(
                    "the data directory %s cannot be made: %s".formatted(data, failed),
                    "give one that can be written",
                    failed);
        }
    }

    @Override
    public String name() {
        return machines.provider();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /// Agents and machines run on.
    @Override
    public void close() {
        machines.close();
    }
}
