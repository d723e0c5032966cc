package dev.formwork.provider.local;

import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;
import dev.formwork.provider.host.Directories;
import dev.formwork.provider.host.HostCodes;
import dev.formwork.provider.host.HostInstances;
import dev.formwork.provider.host.HostRequirements;
import dev.formwork.provider.host.MarkedProcesses;
import dev.formwork.provider.host.MarkedProcesses.Marks;
import dev.formwork.provider.host.MountTable;
import dev.formwork.provider.host.OwnMachines;
import dev.formwork.provider.host.ProcessTable;
import dev.formwork.provider.host.Progress;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The machines of one data directory on this host. Holds no state but the directory's.
final class LocalProvider implements Provider {
    private static final List<String> PROGRAMS =
            List.of("setsid", "flock", "env", "grep", "tr", "cat", "mv", "rm", "sleep");

    private static final HostCodes CODES =
            new HostCodes(
                    "local", "local.damaged-record", "local.missing-program", "local.needs-linux");

    /// What runs on a machine carries its id as `FORMWORK_MACHINE_ID`; the scripts that start and
    /// reboot a machine carry `FORMWORK_MACHINE_POWER` instead.
    private static final Marks MARKS =
            new Marks(
                    List.of("FORMWORK_MACHINE_ID", "FORMWORK_MACHINE_POWER"),
                    List.of("FORMWORK_AGENT_DIR", "FORMWORK_STATE"));

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
        String path = environment.getOrDefault("PATH", HostRequirements.DEFAULT_PATH);
        HostRequirements host = new HostRequirements(CODES, proc, path);
        host.linux();
        host.programs(
                PROGRAMS.stream()
                        .collect(
                                Collectors.toMap(
                                        program -> program,
                                        _ ->
                                                "it is in util-linux, coreutils or grep, or in"
                                                        + " BusyBox")));

        Path data = Directories.real(home);
        OwnMachines machines =
                OwnMachines.open(
                        context, CODES, data, progress, () -> Files.createDirectories(cache));

        ProcessTable table = new ProcessTable(proc);
        MarkedProcesses processes = new MarkedProcesses(table, MARKS, grace);
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
                                new HostInstances(
                                        machines,
                                        processes,
                                        new LocalMachines(
                                                machines, processes, agents, scripts, progress),
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
