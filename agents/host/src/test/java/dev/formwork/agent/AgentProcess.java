package dev.formwork.agent;

import dev.formwork.agent.host.CommandShell;
import dev.formwork.testkit.FolderProcesses;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// The real agent in a process of its own, in a folder of the test's. Can be killed and started
/// again. In the end, all that it and its jobs left running is ended, by id: nothing is written in
/// the folder any more.
///
/// One that works on a host may be in the test's own process: as in the engine's, where many share
/// one. Then nothing starts but the jobs.
final class AgentProcess implements AutoCloseable {
    private final Path folder;
    private Path machineFolder;
    private final Map<String, String> environment = new TreeMap<>();
    private @Nullable Process process;
    private boolean isInside;
    private final CommandShell shell;
    private @Nullable HostMachine machine;
    private @Nullable Thread worker;

    AgentProcess(Path folder, URI engine) throws IOException {
        this.folder = folder;
        this.machineFolder = folder.resolve("agent");
        // So that what is left of a script that was broken off is found.
        this.shell = new CommandShell(List.of("env", "FORMWORK_TEST=" + folder, "sh", "-s"));
        Files.createDirectories(folder);
        Path token = Files.writeString(folder.resolve("boot-token"), FakeEngine.BOOT_TOKEN + "\n");
        environment.put("FORMWORK_ENGINE_URL", engine.toString());
        environment.put("FORMWORK_BOOT_TOKEN_FILE", token.toString());
        environment.put("FORMWORK_AGENT_DIR", machineFolder.toString());
        environment.put("FORMWORK_ADDRESS", "127.1.0.2");
        environment.put("FORMWORK_BOOT_ID", "boot-1");
        environment.put("FORMWORK_REBOOT_COMMAND", "echo reboot >> " + folder.resolve("power"));
        environment.put("FORMWORK_POWER_OFF_COMMAND", "echo off >> " + folder.resolve("power"));
    }

    /// The agent here, and a host that it works on: this machine, with a folder of its own.
    static AgentProcess onHost(Path folder, URI engine) throws IOException {
        AgentProcess agent = new AgentProcess(folder, engine);
        agent.machineFolder = folder.resolve("host");
        return agent.with("FORMWORK_HOST_SHELL", "sh -s")
                .with("FORMWORK_HOST_DIR", agent.machineFolder.toString());
    }

    /// The same, in this process.
    static AgentProcess insideOnHost(Path folder, URI engine) throws IOException {
        AgentProcess agent = onHost(folder, engine);
        agent.isInside = true;
        return agent;
    }

    AgentProcess with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    AgentProcess start() throws IOException {
        if (isInside) {
            startInside();
            return this;
        }
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.formwork.agent.Main");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        process = builder.start();
        return this;
    }

    private void startInside() throws IOException {
        HostMachine made;
        try {
            made = Main.hostMachine(Settings.from(environment), shell);
        } catch (Settings.InvalidException e) {
            throw new AssertionError(e);
        }
        machine = made;
        worker =
                Thread.ofVirtual()
                        .name("host")
                        .start(() -> {
                            try {
                                made.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    /// As the kernel does it when memory is short.
    void kill() throws InterruptedException {
        if (isInside) {
            endInside();
            return;
        }
        running().destroyForcibly().waitFor();
    }

    private void endInside() throws InterruptedException {
        if (machine != null && worker != null) {
            machine.close();
            worker.join();
        }
    }

    /// As systemd does it.
    ///
    /// @return the exit code
    int terminate() throws InterruptedException {
        if (isInside) {
            endInside();
            return 0;
        }
        running().destroy();
        if (!running().waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the agent does not end");
        }
        return running().exitValue();
    }

    Process running() {
        if (process == null) {
            throw new AssertionError("the agent was not started");
        }
        return process;
    }

    /// Of the machine: where its jobs are, and its state.
    Path agentFolder() {
        return machineFolder;
    }

    boolean isOnHost() {
        return environment.containsKey("FORMWORK_HOST_SHELL");
    }

    /// What the commands that take the machine down have been told.
    String power() throws IOException {
        Path file = folder.resolve("power");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    Path output() {
        return folder.resolve("agent.log");
    }

    String outputText() throws IOException {
        return Files.readString(output());
    }

    /// Processes that jobs of this agent have started and that are alive.
    List<ProcessHandle> children() {
        return FolderProcesses.of(agentFolder().resolve("state"));
    }

    boolean hasNoChildren() {
        return children().isEmpty();
    }

    @Override
    public void close() {
        try {
            endInside();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        shell.close();
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        FolderProcesses.end(folder);
    }
}
