package dev.formwork.provider.qemu;

import dev.formwork.model.MachineId;
import dev.formwork.provider.Digests;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Where a machine's QEMU is spoken to. Not in the machine's own directory: the path of a socket
/// has to be short (unix(7): 107 bytes), and a machine's id may be longer than that.
final class QemuSocket {
    private static final int MOST = 107;

    private QemuSocket() {}

    static Path directory(Path data) {
        return data.resolve("qmp");
    }

    static Path of(Path data, MachineId machine) {
        return directory(data).resolve(name(machine));
    }

    /// As it is from the machine's directory.
    static String relative(MachineId machine) {
        return "../../qmp/" + name(machine);
    }

    static boolean isTooLong(Path data) {
        return of(data, new MachineId("any")).toString().getBytes(StandardCharsets.UTF_8).length
                > MOST;
    }

    private static String name(MachineId machine) {
        return Digests.hex("qmp/" + machine).substring(0, 16);
    }
}
