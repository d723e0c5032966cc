package dev.formwork.provider.host;

import dev.formwork.model.MachineId;

import java.nio.file.Path;

/// Where a machine keeps what it has: a directory of its own, with its [MachineRecord] in it.
///
/// @param path absolute, without symbolic links
public record MachineHome(MachineId machine, Path path) {
    static final String RECORD = "machine.json";

    public Path record() {
        return path.resolve(RECORD);
    }

    public Path file(String name) {
        return path.resolve(name);
    }
}
