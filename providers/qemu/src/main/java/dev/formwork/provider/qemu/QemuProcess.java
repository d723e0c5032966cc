package dev.formwork.provider.qemu;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.host.DurableFiles;
import dev.formwork.provider.host.MachineHome;
import dev.formwork.provider.host.MachineRecord;
import dev.formwork.provider.host.MarkedProcesses;
import dev.formwork.provider.host.MarkedProcesses.Marks;
import dev.formwork.provider.host.MarkedProcesses.Proof;
import dev.formwork.provider.host.ProcessTable;
import dev.formwork.provider.host.ProcessTable.Entry;
import dev.formwork.provider.host.Progress;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The QEMU of a machine: whether it runs, its start and its end. QEMU itself sees to it that there
/// is one only, by a lock on `qemu.pid`. Thread-safe; what changes something is called with the
/// machine's lock held.
final class QemuProcess {
    /// What processes of a machine carry; QEMU itself has `FORMWORK_QEMU=1` beside them.
    static final Marks MARKS =
            new Marks(List.of("FORMWORK_MACHINE_ID"), List.of("FORMWORK_MACHINE_DIR"));

    /// There while a reset is under way: the machine is on, though no QEMU may run.
    private static final String RESETTING = "resetting";

    /// There since somebody switched the machine off.
    private static final String POWERED_OFF = "powered-off";

    private static final Duration CONSOLE_ENDS = Duration.ofSeconds(2);

    private final ProcessTable table;
    private final MarkedProcesses processes;
    private final QemuCommand command;
    private final Taps taps;
    private final String path;
    private final Path data;
    private final Progress progress;
    private final List<String> more;

    /// @param path the PATH
    /// @param data the provider's directory
    /// @param more arguments for each QEMU
    QemuProcess(
            ProcessTable table,
            MarkedProcesses processes,
            QemuCommand command,
            Taps taps,
            String path,
            Path data,
            Progress progress,
            List<String> more) {
        this.table = table;
        this.processes = processes;
        this.command = command;
        this.taps = taps;
        this.path = path;
        this.data = data;
        this.progress = progress;
        this.more = List.copyOf(more);
    }

    /// The QEMU of a machine, if it runs.
    Optional<Entry> find(MachineHome home) throws IOException {
        String noted;
        try {
            noted = Files.readString(home.file(QemuCommand.PID_FILE)).strip();
        } catch (NoSuchFileException neverStarted) {
            return Optional.empty();
        }
        if (!noted.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return table.find(Long.parseLong(noted))
                .filter(entry -> entry.has("FORMWORK_MACHINE_DIR=" + home.path()))
                .filter(entry -> entry.has("FORMWORK_QEMU=1"));
    }

    /// One that nobody switched off, and does not run, is lost.
    PowerState power(MachineHome home) throws IOException {
        if (find(home).isPresent()) {
            return PowerState.ON;
        }
        return Files.exists(home.file(POWERED_OFF)) ? PowerState.OFF : PowerState.LOST;
    }

    Qmp speak(MachineHome home) throws IOException {
        return Qmp.open(QemuSocket.of(data, home.machine()));
    }

    /// Starts QEMU unless it runs, and returns when it does.
    ///
    /// @throws ProblemException `qemu.not-started`, `qemu.missing-firmware`, `qemu.no-tap`
    void start(MachineRecord record, MachineHome home, VirtualHardware hardware)
            throws IOException {
        BootFiles boot = new BootFiles(home);
        if (find(home).isEmpty()) {
            // What handled the output of the last one is done in a moment.
            processes.awaitEnd(home, Proof.OURS, CONSOLE_ENDS);
            progress.next("make the tap");
            taps.make(home.machine());
            for (String script : List.of("run.sh", "console.sh")) {
                DurableFiles.write(home.file(script), resource(script), "rwx------");
            }
            progress.next("use up what is set for this boot");
            BootDevice first = boot.use().orElse(boot.always(hardware.spec().boot()));
            progress.next("start QEMU");
            run(record, home, hardware, first);
        }
        finishBoot(home, hardware);
        Files.deleteIfExists(home.file(RESETTING));
        Files.deleteIfExists(home.file(POWERED_OFF));
    }

    private void run(
            MachineRecord record, MachineHome home, VirtualHardware hardware, BootDevice first)
            throws IOException {
        Optional<Firmware> firmware =
                switch (hardware.spec().firmware()) {
                    case BIOS -> Optional.empty();
                    case UEFI -> Optional.of(Firmware.uefi());
                };
        List<String> all = new ArrayList<>(List.of("setsid", "/bin/sh", "./run.sh"));
        all.addAll(command.arguments(home.machine(), record.name(), hardware, first, firmware));
        all.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(all);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", path);
        environment.put("LC_ALL", "C");
        environment.put("SHELL", "/bin/sh");
        environment.put("FORMWORK_MACHINE_ID", record.machine());
        environment.put("FORMWORK_MACHINE_DIR", home.path().toString());
        Path log = home.file("qemu.log");
        builder.directory(home.path().toFile());
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(log.toFile());
        Process start = builder.start();
        Commands.await(start, "start of machine " + record.machine());
        // Another engine may have been first; then ours ended.
        if (start.exitValue() != 0 && find(home).isEmpty()) {
            throw notStarted(record, Files.readString(log, StandardCharsets.ISO_8859_1).strip());
        }
    }

    private static ProblemException notStarted(MachineRecord record, String said) {
        if (said.contains("failed to find romfile")) {
            return ProblemException.of(
                    "qemu.missing-firmware",
                    "QEMU has no network boot for its cards: " + Names.abbreviate(said),
                    "install it: apt-get install ipxe-qemu");
        }
        return ProblemException.of(
                "qemu.not-started",
                "QEMU of machine %s ended at once: %s"
                        .formatted(
                                record.machine(),
                                said.length() <= 400 ? said : said.substring(0, 400) + "..."),
                "see what it says; memory and disks have to fit on this host");
    }

    /// A boot that is set for once began with this QEMU: the next one is as always again.
    private void finishBoot(MachineHome home, VirtualHardware hardware) throws IOException {
        BootFiles boot = new BootFiles(home);
        if (boot.used().isPresent()) {
            progress.next("boot as always from then on");
            try (Qmp qmp = speak(home)) {
                order(qmp, boot.always(hardware.spec().boot()), hardware);
            }
            boot.forgetUsed();
        }
    }

    /// Resets a machine, by a new QEMU: so that it boots as is set now, from where the boot server
    /// is now. `system_reset` of QEMU would not do, as BIOS resets the machine once more by itself.
    ///
    /// @throws ProblemException `provider.conflict` where it is off, and no reset was cut short
    void reset(MachineRecord record, MachineHome home, VirtualHardware hardware)
            throws IOException {
        Optional<Entry> running = find(home);
        if (running.isEmpty() && Files.notExists(home.file(RESETTING))) {
            throw ProviderCode.CONFLICT.problem(
                    "machine %s is switched off".formatted(record.machine()), "switch it on");
        }
        progress.next("note the reset");
        DurableFiles.write(home.file(RESETTING), "", "rw-------");
        if (running.isPresent()) {
            progress.next("end QEMU");
            end(home, running.get());
        }
        start(record, home, hardware);
    }

    /// Has a machine that runs look at this device first, from the next boot on.
    void bootAlways(MachineHome home, VirtualHardware hardware, BootDevice device)
            throws IOException {
        try (Qmp qmp = speak(home)) {
            order(qmp, device, hardware);
        }
        new BootFiles(home).forgetUsed();
    }

    /// The firmware sees the order at the next reset.
    private static void order(Qmp qmp, BootDevice first, VirtualHardware hardware)
            throws IOException {
        List<String> order = BootOrder.of(first, hardware.spec().disks().size());
        // No two devices may have one place, not even for a moment.
        for (String device : order) {
            place(qmp, device, -1);
        }
        for (String device : order) {
            place(qmp, device, order.indexOf(device));
        }
    }

    private static void place(Qmp qmp, String device, int place) throws IOException {
        qmp.execute(
                "qom-set",
                Map.of(
                        "path",
                        "/machine/peripheral/" + device,
                        "property",
                        "bootindex",
                        "value",
                        place));
    }

    /// Switches a machine off: asks its system to end, and when the grace is over ends QEMU.
    ///
    /// @param grace zero does not ask
    void stop(MachineHome home, Duration grace) throws IOException {
        progress.next("note that it is off");
        DurableFiles.write(home.file(POWERED_OFF), "", "rw-------");
        Files.deleteIfExists(home.file(RESETTING));
        Optional<Entry> running = find(home);
        if (running.isPresent()) {
            progress.next("press the power button");
            if (grace.isPositive() && pressPowerButton(home)) {
                processes.awaitEnd(running.get(), grace);
            }
            progress.next("end QEMU");
            end(home, running.get());
        }
        processes.endAll(home, Proof.OURS);
    }

    private void end(MachineHome home, Entry qemu) {
        processes.end(qemu);
        // What it printed last is on its way to the console's file.
        processes.awaitEnd(home, Proof.OURS, CONSOLE_ENDS);
    }

    /// Whether QEMU took notice. Where it does not it is ended without being asked.
    private boolean pressPowerButton(MachineHome home) {
        try (Qmp qmp = speak(home)) {
            qmp.execute("system_powerdown", Map.of());
            return true;
        } catch (IOException deaf) {
            Progress.unlessInterrupted("press the power button");
            return false;
        } catch (ProblemException failed) {
            if (failed.code().equals(ProviderCode.TIMEOUT.code())) {
                return false;
            }
            throw failed;
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = QemuProcess.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the jar of the qemu provider lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
