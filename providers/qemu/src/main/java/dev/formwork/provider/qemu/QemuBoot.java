package dev.formwork.provider.qemu;

import dev.formwork.provider.BootControl;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootSetting;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.host.MachineHome;
import dev.formwork.provider.host.MachineRecord;
import dev.formwork.provider.host.OwnMachines;
import dev.formwork.provider.host.Progress;

import java.io.IOException;
import java.util.Optional;

/// Keeps what machines boot from in their directories, and tells those that run. A reboot that a
/// machine makes by itself does not use up what is set for once: QEMU goes on through it, and
/// nobody may be there to set it back.
final class QemuBoot implements BootControl {
    private final OwnMachines machines;
    private final QemuMachines kind;
    private final QemuProcess process;
    private final Progress progress;

    QemuBoot(OwnMachines machines, QemuMachines kind, QemuProcess process, Progress progress) {
        this.machines = machines;
        this.kind = kind;
        this.process = process;
        this.progress = progress;
    }

    @Override
    public BootSetting bootSetting(InstanceRef ref) {
        return machines.run(
                "look for what %s boots from".formatted(ref),
                () -> {
                    MachineRecord record = machines.require(ref);
                    MachineHome home = machines.home(record);
                    BootFiles boot = new BootFiles(home);
                    return new BootSetting(
                            boot.always(kind.require(record).spec().boot()), once(home, boot));
                });
    }

    /// What a start that was cut short was to use up still counts.
    private Optional<BootDevice> once(MachineHome home, BootFiles boot) throws IOException {
        Optional<BootDevice> once = boot.once();
        return once.isEmpty() && process.find(home).isEmpty() ? boot.used() : once;
    }

    @Override
    public void bootAlways(OperationToken token, InstanceRef ref, BootDevice device) {
        machines.change(
                "set what %s boots from".formatted(ref),
                ref,
                record -> {
                    requireThere(device);
                    MachineHome home = machines.home(record);
                    progress.next("note what it boots from");
                    new BootFiles(home).setAlways(device);
                    if (process.find(home).isPresent()) {
                        progress.next("tell the machine");
                        process.bootAlways(home, kind.require(record), device);
                    }
                });
    }

    @Override
    public void bootOnce(OperationToken token, InstanceRef ref, BootDevice device) {
        machines.change(
                "set what %s boots from once".formatted(ref),
                ref,
                record -> {
                    requireThere(device);
                    progress.next("note what it boots from once");
                    new BootFiles(machines.home(record)).setOnce(device);
                });
    }

    private static void requireThere(BootDevice device) {
        if (device == BootDevice.MEDIA) {
            throw ProviderCode.UNSUPPORTED.problem(
                    "virtual machines of this provider have no virtual drive",
                    "the network or the disk");
        }
    }
}
