package dev.formwork.provider.qemu;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.ConsoleFiles;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.host.Directories;
import dev.formwork.provider.host.HostRequirements;
import dev.formwork.provider.host.MachineHome;
import dev.formwork.provider.host.MachineRef;
import dev.formwork.provider.host.ProcessTable;
import dev.formwork.provider.host.ProcessTable.Entry;
import dev.formwork.provider.host.Progress;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.provider.tck.InMemoryRecords;
import dev.formwork.provider.tck.ProviderBench;
import dev.formwork.provider.tck.SimulatedCrash;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// A data directory, whose name is a trial for whoever quotes badly, and machines that are real
/// QEMU processes.
final class QemuBench implements ProviderBench {
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "PATH",
                    Objects.requireNonNullElse(
                            System.getenv("PATH"), HostRequirements.DEFAULT_PATH));

    final ProcessTable table = new ProcessTable(Path.of("/proc"));
    final Path data;
    private final Map<String, Value> config;
    private final URI bootUrl;
    private final List<String> more;

    /// Machines whose processor never starts, so that they cost nothing.
    QemuBench() {
        this(Map.of(), URI.create("http://127.0.0.1:9/boot.ipxe"), List.of("-S"));
    }

    QemuBench(Map<String, Value> config, URI bootUrl, List<String> more) {
        this.config = new TreeMap<>(config);
        // What stands still does not switch itself off.
        this.config.putIfAbsent("grace_seconds", Value.of(0));
        this.bootUrl = bootUrl;
        this.more = more;
        try {
            data = Files.createTempDirectory("formwork-qemu's $(data), ").toRealPath();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Provider open(EngineId engine) {
        return open(engine, Progress::unlessInterrupted);
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        return open(engine, SimulatedCrash.after(steps)::accept);
    }

    private Provider open(EngineId engine, Progress progress) {
        return QemuProvider.open(
                new ProviderContext(
                        "qemu",
                        engine,
                        data,
                        Value.of(config),
                        URI.create("http://127.0.0.1:8080/"),
                        Optional.of(bootUrl),
                        List.of(),
                        new AgentLaunch(List.of("/bin/true")),
                        AgentInstall.NONE,
                        new InMemoryRecords(),
                        Clock.systemUTC(),
                        new Random(1)),
                ENVIRONMENT,
                progress,
                more);
    }

    @Override
    public Value.Struct spec() {
        return Value.of(Map.of("memory", Value.of("32M"), "disks", list("1M")));
    }

    static Value list(String... texts) {
        return Value.of(List.of(texts).stream().map(Value::of).toList());
    }

    MachineHome home(InstanceRef ref) {
        return home(MachineRef.parse(ref).orElseThrow().machine());
    }

    private MachineHome home(MachineId machine) {
        return new MachineHome(machine, data.resolve("machines").resolve(machine.value()));
    }

    /// The QEMU of a machine, found by nothing but its environment.
    List<Entry> qemus(MachineId machine) {
        return processes("FORMWORK_MACHINE_ID=" + machine).stream()
                .filter(entry -> entry.has("FORMWORK_QEMU=1"))
                .toList();
    }

    private List<Entry> processes(String prefix) {
        return table.all().stream()
                .filter(entry ->
                        entry.environment().stream().anyMatch(set -> set.startsWith(prefix)))
                .toList();
    }

    @Override
    public List<String> remainsOf(MachineId machine) {
        List<String> remains = new ArrayList<>();
        for (Entry entry : processes("FORMWORK_MACHINE_ID=" + machine)) {
            remains.add("process " + entry.pid());
        }
        for (Path path : List.of(home(machine).path(), QemuSocket.of(data, machine))) {
            if (Files.exists(path)) {
                remains.add(path.toString());
            }
        }
        return remains;
    }

    /// `kill -9`, and waits until it is gone.
    void kill(Entry process) {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        Eventually.holds("the process is gone", () -> !table.lives(process));
    }

    /// Prints as the machine does: into the pipe that its QEMU writes the console to.
    void print(InstanceRef ref, byte[] text) {
        Entry qemu = qemus(home(ref).machine()).getFirst();
        ConsoleFiles console = new ConsoleFiles(home(ref).path());
        try {
            long wanted = end(console) + text.length;
            try (OutputStream pipe = new FileOutputStream(pipe(qemu).toFile())) {
                pipe.write(text);
            }
            Eventually.holds("it is printed", () -> end(console) >= wanted);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static long end(ConsoleFiles console) throws IOException {
        return console.read(Long.MAX_VALUE, 1).end();
    }

    private static Path pipe(Entry qemu) throws IOException {
        try (DirectoryStream<Path> open =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(qemu.pid()), "fd"))) {
            for (Path each : open) {
                if (Files.readSymbolicLink(each).toString().contains("console.pipe")) {
                    return each;
                }
            }
        }
        throw new IOException("no console");
    }

    /// Ends, one by one, every process that says it lives in the data directory.
    @Override
    public void close() {
        Eventually.holds(
                "no process of the test is left",
                () -> {
                    List<Entry> left = processes("FORMWORK_MACHINE_DIR=" + data);
                    left.forEach(entry ->
                            ProcessHandle.of(entry.pid())
                                    .ifPresent(ProcessHandle::destroyForcibly));
                    return left.isEmpty();
                });
        try {
            Directories.empty(data, null);
            Files.delete(data);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
