package dev.formwork.provider.local;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/// A data directory, whose name is a trial for whoever quotes badly, and agents that are a script.
final class LocalBench implements ProviderBench {
    static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "PATH",
                            Objects.requireNonNullElse(
                                    System.getenv("PATH"), HostRequirements.DEFAULT_PATH),
                    "HOME", "/root",
                    "https_proxy", "http://user:pa'ss$(id)\"@proxy\n:3128",
                    "AWS_SECRET_ACCESS_KEY", "is not for agents");

    final ProcessTable table = new ProcessTable(Path.of("/proc"));
    final Path data;
    private final AgentLaunch agent;

    LocalBench() {
        this(standIn());
    }

    LocalBench(AgentLaunch agent) {
        this.agent = agent;
        try {
            data = Files.createTempDirectory("formwork-local's $(data) ").toRealPath();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static AgentLaunch standIn() {
        try {
            Path script =
                    Path.of(
                            Objects.requireNonNull(
                                            LocalBench.class.getResource("stand-in-agent.sh"))
                                    .toURI());
            return new AgentLaunch(
                    List.of("/bin/sh", script.toString()),
                    Map.of("FORMWORK_CA_FILE", "/etc/formwork/ca.pem"));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
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

    Provider open(EngineId engine, Progress progress) {
        return LocalProvider.open(context(engine, "http://127.0.0.1:8080/"), ENVIRONMENT, progress);
    }

    ProviderContext context(EngineId engine, String url) {
        return new ProviderContext(
                "local",
                engine,
                data,
                Value.of(Map.of("grace_seconds", Value.of(1))),
                URI.create(url),
                Optional.empty(),
                List.of(),
                agent,
                AgentInstall.NONE,
                new InMemoryRecords(),
                Clock.systemUTC(),
                new Random(1));
    }

    MachineDirectory directory(InstanceRef ref) {
        return directory(MachineRef.parse(ref).orElseThrow().machine());
    }

    MachineDirectory directory(MachineId machine) {
        return new MachineDirectory(
                new MachineHome(machine, data.resolve("machines").resolve(machine.value())));
    }

    /// Found by nothing but the environment, unlike the provider's own way.
    List<Entry> processesOf(MachineId machine) {
        return table.all().stream()
                .filter(entry ->
                        entry.has("FORMWORK_MACHINE_ID=" + machine)
                                || entry.has("FORMWORK_MACHINE_POWER=" + machine))
                .toList();
    }

    @Override
    public List<String> remainsOf(MachineId machine) {
        List<String> remains = new ArrayList<>();
        for (Entry entry : processesOf(machine)) {
            remains.add("process " + entry.pid());
        }
        if (Files.exists(directory(machine).path())) {
            remains.add("directory " + directory(machine).path());
        }
        return remains;
    }

    /// `kill -9`, and waits until it is gone.
    void kill(Entry process) {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        Eventually.holds("the process is gone", () -> !table.lives(process));
    }

    /// Ends, one by one, every process that says it lives in the data directory.
    @Override
    public void close() {
        Eventually.holds(
                "no process of the test is left",
                () -> {
                    List<Entry> left =
                            table.all().stream()
                                    .filter(entry ->
                                            entry.environment().stream()
                                                    .anyMatch(set ->
                                                            set.startsWith(
                                                                    "FORMWORK_AGENT_DIR=" + data)))
                                    .toList();
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
