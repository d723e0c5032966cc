package dev.formwork.provider.qemu;

import dev.formwork.provider.BootDevice;
import dev.formwork.provider.host.DurableFiles;
import dev.formwork.provider.host.MachineHome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// What a machine boots from, in its directory: `boot` always, unless it is as the machine was
/// made; `boot-once` the next time; and `boot-used` while a start uses the latter up, so that a
/// start that was cut short is finished as it began.
final class BootFiles {
    private static final String ALWAYS = "boot";
    private static final String ONCE = "boot-once";
    private static final String USED = "boot-used";

    private final MachineHome home;

    BootFiles(MachineHome home) {
        this.home = home;
    }

    /// What is said for always.
    ///
    /// @param made what the machine was made with
    BootDevice always(BootDevice made) throws IOException {
        return read(ALWAYS).orElse(made);
    }

    Optional<BootDevice> once() throws IOException {
        return read(ONCE);
    }

    /// What a start uses up that was not finished.
    Optional<BootDevice> used() throws IOException {
        return read(USED);
    }

    void setAlways(BootDevice device) throws IOException {
        write(ALWAYS, device);
    }

    void setOnce(BootDevice device) throws IOException {
        write(ONCE, device);
    }

    /// Begins to use up what is set for once; what counts for this start.
    Optional<BootDevice> use() throws IOException {
        Path once = home.file(ONCE);
        if (Files.exists(once)) {
            DurableFiles.rename(once, home.file(USED));
        }
        return used();
    }

    /// It is used up.
    void forgetUsed() throws IOException {
        Files.deleteIfExists(home.file(USED));
    }

    private void write(String name, BootDevice device) throws IOException {
        DurableFiles.write(home.file(name), device.name(), "rw-------");
    }

    private Optional<BootDevice> read(String name) throws IOException {
        try {
            String said = Files.readString(home.file(name)).strip();
            for (BootDevice device : BootDevice.values()) {
                if (device.name().equals(said)) {
                    return Optional.of(device);
                }
            }
            return Optional.empty();
        } catch (NoSuchFileException notSet) {
            return Optional.empty();
        }
    }
}
