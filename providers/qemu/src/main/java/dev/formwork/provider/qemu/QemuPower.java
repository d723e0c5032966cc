package dev.formwork.provider.qemu;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.host.HostLocks;
import dev.formwork.provider.host.MachineRecord;
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
        machines.run(
                "switch on " + ref,
                () -> {
                    MachineRecord wanted = machines.require(ref);
                    try (HostLocks.Held _ = machines.locks().machine(wanted.machine())) {
                        MachineRecord record = machines.requireReady(ref);
                        kind.requirePrograms();
                        process.start(record, machines.home(record), kind.require(record));
                        return record;
                    }
                });
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        machines.run(
                "switch off " + ref,
                () -> {
                    MachineRecord wanted = machines.require(ref);
                    try (HostLocks.Held _ = machines.locks().machine(wanted.machine())) {
                        MachineRecord record = machines.requireReady(ref);
                        process.stop(machines.home(record), grace);
                        return record;
                    }
                });
    }

    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        machines.run(
                "reset " + ref,
                () -> {
                    MachineRecord wanted = machines.require(ref);
                    try (HostLocks.Held _ = machines.locks().machine(wanted.machine())) {
                        MachineRecord record = machines.requireReady(ref);
                        kind.requirePrograms();
                        process.reset(record, machines.home(record), kind.require(record));
                        return record;
                    }
                });
    }
}
