package dev.formwork.provider.host;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The machines of one data directory. A machine is there if and only if its directory is, and then
/// the directory has a `machine.json`: it comes and goes whole, by a rename out of and into a
/// scratch directory beside it.
public final class MachineStore {
    /// Passed through by everyone, so that a job that gives up root reaches `agent/state`; read by
    /// the owner only.
    private static final FileAttribute<?> PASSABLE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));

    private static final String SCRATCH = ".scratch-";

    private final HostCodes codes;
    private final Path machines;
    private final Progress progress;

    /// @param data its directory
    public MachineStore(HostCodes codes, Path data, Progress progress) {
        this.codes = codes;
        this.machines = data.resolve("machines");
        this.progress = progress;
    }

    /// Makes the directory itself, and removes what a crash left in scratch directories.
    ///
    /// Call it with the allocation lock held.
    public void prepare() throws IOException {
        Files.createDirectories(machines);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(machines, SCRATCH + "*")) {
            for (Path scratch : left) {
                Directories.empty(scratch, null);
                Files.deleteIfExists(scratch);
            }
        }
    }

    public MachineHome home(MachineId machine) {
        return new MachineHome(machine, machines.resolve(machine.value()));
    }

    /// Empty where the machine is gone.
    public Optional<MachineRecord> read(MachineId machine) throws IOException {
        Path file = home(machine).record();
        byte[] json;
        try {
            json = Files.readAllBytes(file);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
        try {
            return Optional.of(MachineRecord.parse(json));
        } catch (RuntimeException damaged) {
            throw ProblemException.of(
                    codes.damagedRecord(),
                    "%s is not what the %s provider wrote".formatted(file, codes.type()),
                    "restore it, or end the processes with FORMWORK_MACHINE_ID=%s and remove %s"
                            .formatted(machine, home(machine).path()));
        }
    }

    /// Of all engines.
    public List<MachineRecord> all() throws IOException {
        List<MachineRecord> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(machines)) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                if (name.matches("[A-Za-z0-9][A-Za-z0-9-]{0,127}")) {
                    read(new MachineId(name)).ifPresent(found::add);
                }
            }
        } catch (NoSuchFileException noMachineYet) {
            return List.of();
        }
        return found;
    }

    /// Brings a machine's directory into being. Call it with the allocation lock held.
    ///
    /// @param files what is in it from the first moment on, beside the record: name to content
    public void add(MachineRecord record, Map<String, byte[]> files) throws IOException {
        Path scratch = machines.resolve(SCRATCH + UUID.randomUUID());
        progress.next("make a scratch directory");
        Files.createDirectory(scratch, PASSABLE);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            progress.next("write " + file.getKey());
            DurableFiles.write(scratch.resolve(file.getKey()), file.getValue(), "rw-------");
        }
        progress.next("write machine.json");
        DurableFiles.write(scratch.resolve(MachineHome.RECORD), record.json(), "rw-------");
        progress.next("put the directory in its place");
        DurableFiles.rename(scratch, home(record.id()).path());
    }

    /// Replaces a machine's record.
    public void update(MachineRecord record) throws IOException {
        progress.next("note that the machine is " + record.phase());
        DurableFiles.write(home(record.id()).record(), record.json(), "rw-------");
    }

    /// Removes a machine's directory, the record last.
    public void remove(MachineId machine) throws IOException {
        MachineHome home = home(machine);
        if (Files.notExists(home.path())) {
            return;
        }
        progress.next("remove the machine's files");
        Directories.empty(home.path(), home.record());
        progress.next("take the directory out of its place");
        Path scratch = machines.resolve(SCRATCH + UUID.randomUUID());
        DurableFiles.rename(home.path(), scratch);
        progress.next("remove the directory");
        Directories.empty(scratch, null);
        Files.deleteIfExists(scratch);
    }
}
