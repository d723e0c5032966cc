package dev.formwork.provider.local;

import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Capability;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.host.HostRequirements;
import dev.formwork.provider.host.ProcessTable.Entry;
import dev.formwork.provider.tck.Eventually;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/// A machine of a [LocalBench], as a test looks at it: by its files and processes.
record LocalMachine(LocalBench bench, Provider provider, Instance instance) {
    static LocalMachine create(LocalBench bench, Provider provider) {
        return create(bench, provider, anyToken());
    }

    static LocalMachine create(LocalBench bench, Provider provider, OperationToken token) {
        return new LocalMachine(
                bench,
                provider,
                provider.capability(InstanceLifecycle.class).create(token, request()));
    }

    static InstanceRequest request() {
        return new InstanceRequest(
                new MachineId("m-" + UUID.randomUUID()),
                "demo-members-0",
                new BootToken("the-boot-token"),
                Map.of(),
                Value.Struct.EMPTY);
    }

    static OperationToken anyToken() {
        return new OperationToken(UUID.randomUUID().toString());
    }

    <C extends Capability> C ask(Class<C> kind) {
        return provider.capability(kind);
    }

    MachineDirectory directory() {
        return bench.directory(instance.ref());
    }

    List<Entry> processes() {
        return bench.processesOf(instance.machine());
    }

    /// Waits until so many run. Of what has begun a process more may be there for a moment, such as
    /// the `mv` with which the stand-in names its daemon.
    void awaitProcesses(int count) {
        Eventually.holds(count + " processes", () -> processes().size() == count);
    }

    Entry agent() throws IOException {
        return new AgentProcess(bench.table, HostRequirements.DEFAULT_PATH)
                .find(directory())
                .orElseThrow();
    }

    /// How often the agent was started.
    long starts() throws IOException {
        try (var lines = Files.lines(directory().agent().resolve("starts"))) {
            return lines.count();
        }
    }

    /// The process id of the daemon of this boot, once it runs.
    Entry daemon() throws IOException {
        Path noted = directory().agent().resolve("daemon-of-" + bootId());
        Eventually.holds("the daemon has started", () -> Files.exists(noted));
        return bench.table.find(Long.parseLong(Files.readString(noted).strip())).orElseThrow();
    }

    String bootId() throws IOException {
        return Files.readString(directory().bootId()).split(" ", -1)[0];
    }

    /// What the agent was started with, as it says itself.
    Map<String, String> environment() throws IOException {
        Path noted = directory().agent().resolve("environment");
        Eventually.holds("the agent has noted its environment", () -> Files.exists(noted));
        Map<String, String> environment = new TreeMap<>();
        String all = Files.readString(noted, StandardCharsets.UTF_8);
        for (String assignment : all.split("\0", -1)) {
            int equals = assignment.indexOf('=');
            if (equals > 0) {
                environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return environment;
    }

    /// Runs one of the commands that the agent has for its shell, and waits until it has returned.
    int runForShell(String variable) throws Exception {
        return run("sh", "-c", Objects.requireNonNull(environment().get(variable))).waitFor();
    }

    /// Runs a program on the machine, as one of its jobs does: apart from the agent, with the mark.
    Process run(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("FORMWORK_MACHINE_ID", instance.machine().value());
        builder.environment()
                .put("FORMWORK_STATE", directory().agent().resolve("state").toString());
        builder.directory(directory().agent().toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory().agent().resolve("job.log").toFile()));
        return builder.start();
    }
}
