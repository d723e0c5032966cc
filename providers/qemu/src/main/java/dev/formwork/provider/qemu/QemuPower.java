package dev.formwork.provider.qemu;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.host.OwnMachines;

import java.time.Duration;

/// A machine is on while its QEMU lives.
final class QemuPower implements PowerControl {
    private final OwnMachines machines;
    private final QemuMachines kind;
    private final QemuProcess process;
    private final Duration grace;

    /// @param grace how long a machine has to switch itself off
    QemuPower(OwnMachines machines, QemuMachines kind, QemuProcess process, Duration grace) {
        this.machines = machines;
        this.kind = kind;
        this.process = process;
        this.grace = grace;
    }

    @Override
    public PowerState power(InstanceRef ref) {
        return machines.run(
                "look for power of " + ref,
                () -> process.power(machines.home(machines.require(ref))));
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        machines.change(
                "switch on " + ref,
                ref,
                record -> {
                    kind.requirePrograms();
                    process.start(record, machines.home(record), kind.require(record));
                });
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        machines.change(
                "switch off " + ref,
                ref,
                record -> {
                    process.stop(machines.home(record), grace);
                });
    }

    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        machines.change(
                "reset " + ref,
                ref,
                record -> {
                    kind.requirePrograms();
                    process.reset(record, machines.home(record), kind.require(record));
                });
    }
}
