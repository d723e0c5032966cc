package dev.formwork.provider.qemu;

import dev.formwork.model.ProblemException;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.host.HostRequirements;
import dev.formwork.provider.host.MachineHome;
import dev.formwork.provider.host.MachineKind;
import dev.formwork.provider.host.MachineRecord;
import dev.formwork.provider.host.OwnMachines;
import dev.formwork.provider.host.Progress;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Machines that are made of files and a QEMU.
final class QemuMachines implements MachineKind {
    private final OwnMachines machines;
    private final QemuConfig config;
    private final HostRequirements host;
    private final QemuProcess process;
    private final Taps taps;
    private final boolean canBoot;
    private final Progress progress;

    /// @param canBoot whether there is a boot server here, for machines in user mode
    QemuMachines(
            OwnMachines machines,
            QemuConfig config,
            HostRequirements host,
            QemuProcess process,
            Taps taps,
            boolean canBoot,
            Progress progress) {
        this.machines = machines;
        this.config = config;
        this.host = host;
        this.process = process;
        this.taps = taps;
        this.canBoot = canBoot;
        this.progress = progress;
    }

    @Override
    public void check(InstanceRequest request) {
        MachineSpec spec = MachineSpec.read(machines.provider(), request.spec());
        requirePrograms();
        if (spec.firmware() == FirmwareKind.UEFI) {
            Firmware.uefi();
        }
        if (config.network() instanceof Network.User
                && spec.boot() == BootDevice.NETWORK
                && !canBoot) {
            throw ProblemException.of(
                    "qemu.no-boot-server",
                    "machine %s is to boot from the network, and the engine has no boot server"
                            .formatted(request.machine()),
                    "configure the boot server, or give the machine a disk and say boot: disk");
        }
    }

    /// @throws ProblemException `qemu.needs-linux`, `qemu.missing-program` for each
    void requirePrograms() {
        host.linux();
        Map<String, String> programs = new LinkedHashMap<>();
        programs.put(QemuCommand.PROGRAM, "install it: apt-get install qemu-system-x86");
        programs.put("setsid", "it is in util-linux");
        for (String program : List.of("split", "mkfifo", "expr", "wc", "cat")) {
            programs.put(program, "it is in coreutils");
        }
        if (config.network() instanceof Network.Bridge) {
            programs.put("ip", "it is in iproute2");
        }
        host.programs(programs);
    }

    @Override
    public Outfit outfit(InstanceRequest request, List<MachineRecord> others) throws IOException {
        Set<String> addresses = new HashSet<>();
        Set<String> macs = new HashSet<>();
        for (MachineRecord other : others) {
            String address = other.address();
            if (address != null) {
                addresses.add(address);
            }
            hardware(other).ifPresent(hardware -> macs.addAll(hardware.macs()));
        }
        Optional<Segment> segment =
                config.network() instanceof Network.User(Segment own)
                        ? Optional.of(own)
                        : Optional.empty();
        String address = segment.map(own -> own.choose(request.machine(), addresses)).orElse(null);
        VirtualHardware hardware =
                VirtualHardware.of(
                        request.machine(),
                        MachineSpec.read(machines.provider(), request.spec()),
                        macs,
                        segment.map(own -> address + "/" + own.prefix()).orElse(null));
        return new Outfit(address, Map.of(VirtualHardware.FILE, hardware.json()));
    }

    @Override
    public void bringUp(MachineRecord record, InstanceRequest request) throws IOException {
        MachineHome home = machines.home(record);
        VirtualHardware hardware = require(record);
        for (int i = 0; i < hardware.spec().disks().size(); i++) {
            progress.next("make disk " + i);
            try (RandomAccessFile disk =
                    new RandomAccessFile(home.file(QemuCommand.disk(i)).toFile(), "rw")) {
                disk.setLength(hardware.spec().disks().get(i));
            }
        }
        Path variables = home.file(QemuCommand.VARIABLES);
        if (hardware.spec().firmware() == FirmwareKind.UEFI && Files.notExists(variables)) {
            progress.next("make the firmware's variables");
            Path scratch = home.file(QemuCommand.VARIABLES + ".new");
            Files.copy(Firmware.uefi().variables(), scratch, StandardCopyOption.REPLACE_EXISTING);
            Files.move(scratch, variables, StandardCopyOption.ATOMIC_MOVE);
        }
        process.start(record, home, hardware);
    }

    @Override
    public Predicate<MachineRecord> running() {
        return record -> {
            try {
                return process.find(machines.home(record)).isPresent();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        };
    }

    @Override
    public Instance describe(MachineRecord record, InstanceState state) throws IOException {
        Optional<VirtualHardware> hardware = hardware(record);
        return new Instance(
                record.instanceRef(),
                record.id(),
                record.name(),
                record.address(),
                state,
                record.createdAt(),
                record.labels(),
                hardware.map(VirtualHardware::hardware).orElse(Hardware.NONE),
                hardware.map(VirtualHardware::cards).orElse(List.of()));
    }

    @Override
    public void release(MachineHome home) throws IOException {
        progress.next("remove the tap");
        taps.remove(home.machine());
        progress.next("remove the socket");
        Files.deleteIfExists(QemuSocket.of(config.directory(), home.machine()));
    }

    /// What the machine is made of; of one that is being removed it may be gone already.
    private Optional<VirtualHardware> hardware(MachineRecord record) throws IOException {
        Path file = machines.home(record).file(VirtualHardware.FILE);
        byte[] json;
        try {
            json = Files.readAllBytes(file);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
        try {
            return Optional.of(VirtualHardware.parse(json));
        } catch (RuntimeException damaged) {
            throw ProblemException.of(
                    "qemu.damaged-record",
                    "%s is not what the qemu provider wrote".formatted(file),
                    "restore it, or delete the machine");
        }
    }

    VirtualHardware require(MachineRecord record) throws IOException {
        return hardware(record)
                .orElseThrow(() ->
                        ProblemException.of(
                                "qemu.damaged-record",
                                "machine %s has no %s"
                                        .formatted(record.machine(), VirtualHardware.FILE),
                                "restore it, or delete the machine"));
    }
}
