package dev.formwork.provider.qemu;

import dev.formwork.provider.BootControl;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Console;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.host.Directories;
import dev.formwork.provider.host.HostCodes;
import dev.formwork.provider.host.HostInstances;
import dev.formwork.provider.host.HostRequirements;
import dev.formwork.provider.host.MarkedProcesses;
import dev.formwork.provider.host.MountTable;
import dev.formwork.provider.host.OwnMachines;
import dev.formwork.provider.host.ProcessTable;
import dev.formwork.provider.host.Progress;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The machines of one data directory on this host. Holds no state but the directory's.
final class QemuProvider implements Provider {
    private static final Duration KILL_AFTER = Duration.ofSeconds(5);

    private static final HostCodes CODES =
            new HostCodes(
                    "qemu", "qemu.damaged-record", "qemu.missing-program", "qemu.needs-linux");

    private final OwnMachines machines;
    private final Capabilities capabilities;

    private QemuProvider(OwnMachines machines, Capabilities capabilities) {
        this.machines = machines;
        this.capabilities = capabilities;
    }

    /// @param environment the engine's own
    /// @param more arguments for each QEMU
    static QemuProvider open(
            ProviderContext context,
            Map<String, String> environment,
            Progress progress,
            List<String> more) {
        QemuConfig config = QemuConfig.read(context);
        Path data = Directories.real(config.directory());
        QemuConfig real =
                new QemuConfig(data, config.network(), config.accelerator(), config.grace());
        Path proc = Path.of("/proc");
        String path = environment.getOrDefault("PATH", HostRequirements.DEFAULT_PATH);

        OwnMachines machines =
                OwnMachines.open(
                        context,
                        CODES,
                        data,
                        progress,
                        () ->
                                Files.createDirectories(
                                        QemuSocket.directory(data),
                                        PosixFilePermissions.asFileAttribute(
                                                PosixFilePermissions.fromString("rwx------"))));

        ProcessTable table = new ProcessTable(proc);
        MarkedProcesses processes = new MarkedProcesses(table, QemuProcess.MARKS, KILL_AFTER);
        Taps taps = new Taps(data, real.network(), new Commands(path));
        QemuProcess process =
                new QemuProcess(
                        table,
                        processes,
                        new QemuCommand(
                                real,
                                real.accelerator()
                                        .orElseGet(() -> Accelerator.best(Path.of("/dev"), proc)),
                                Segment.multicast(data),
                                context.bootUrl()),
                        taps,
                        path,
                        data,
                        progress,
                        more);
        QemuMachines kind =
                new QemuMachines(
                        machines,
                        real,
                        new HostRequirements(CODES, proc, path),
                        process,
                        taps,
                        context.bootUrl().isPresent(),
                        progress);
        return new QemuProvider(
                machines,
                Capabilities.none()
                        .with(
                                InstanceLifecycle.class,
                                new HostInstances(
                                        machines,
                                        processes,
                                        kind,
                                        new MountTable(proc.resolve("self/mountinfo")),
                                        progress,
                                        context.clock()))
                        .with(
                                PowerControl.class,
                                new QemuPower(machines, kind, process, real.grace()))
                        .with(BootControl.class, new QemuBoot(machines, kind, process, progress))
                        .with(Console.class, new QemuConsole(machines)));
    }

    @Override
    public String name() {
        return machines.provider();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /// Machines run on.
    @Override
    public void close() {
        machines.close();
    }
}
