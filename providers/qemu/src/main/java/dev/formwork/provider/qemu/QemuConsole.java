package dev.formwork.provider.qemu;

import dev.formwork.provider.Console;
import dev.formwork.provider.ConsoleFiles;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.host.OwnMachines;

/// Reads what the first serial port of a machine prints.
final class QemuConsole implements Console {
    private final OwnMachines machines;

    QemuConsole(OwnMachines machines) {
        this.machines = machines;
    }

    @Override
    public ConsoleText read(InstanceRef ref, long offset, int most) {
        return machines.run(
                "read the console of " + ref,
                () ->
                        new ConsoleFiles(machines.home(machines.require(ref)).path())
                                .read(offset, most));
    }
}
