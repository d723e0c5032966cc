package dev.formwork.provider.local;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.host.ProcessTable;
import dev.formwork.provider.host.ProcessTable.Entry;
import dev.formwork.provider.host.Progress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The agent's process of a machine: whether it runs, and its start by the script `launch`, which
/// notes the process before it becomes the agent and sees to it that there is one only.
/// Thread-safe.
final class AgentProcess {
    private static final Duration STARTED_BY_THEN = Duration.ofSeconds(30);
    private static final int MOST_LAUNCHES_WITHOUT_REASON = 20;
    private static final int GONE = 93;
    private static final int OFF = 94;
    private static final int KILLED = 128 + 9;
    private static final int TERMINATED = 128 + 15;

    private final ProcessTable table;
    private final String path;

    /// @param path the PATH for the scripts
    AgentProcess(ProcessTable table, String path) {
        this.table = table;
        this.path = path;
    }

    /// The agent, if it runs. A `launch` that is not the agent yet does not count.
    Optional<Entry> find(MachineDirectory machine) throws IOException {
        String[] noted;
        try {
            noted = Files.readString(machine.agentPid()).strip().split(" ", -1);
        } catch (NoSuchFileException neverStarted) {
            return Optional.empty();
        }
        if (noted.length != 3 || !noted[0].matches("\\d{1,18}") || !noted[1].matches("\\d{1,18}")) {
            return Optional.empty();
        }
        long started = Long.parseLong(noted[1]);
        return table.find(Long.parseLong(noted[0]))
                .filter(entry -> entry.started() == started)
                .filter(entry -> entry.has("FORMWORK_BOOT_ID=" + noted[2]));
    }

    /// Starts the agent unless it runs, and returns when it does.
    ///
    /// @throws ProblemException `local.agent-not-started`; `provider.conflict` where the machine is
    ///   off, `provider.not-found` where it is gone, `provider.timeout`, `provider.interrupted`
    void launch(MachineDirectory machine) throws IOException {
        long deadline = System.nanoTime() + STARTED_BY_THEN.toNanos();
        int withoutReason = 0;
        Process launch = start(machine);
        while (find(machine).isEmpty()) {
            if (System.nanoTime() - deadline >= 0) {
                throw ProviderCode.TIMEOUT.problem(
                        "the agent of machine %s did not start".formatted(machine.machine()),
                        "see " + machine.agentLog());
            }
            if (!endsSoon(launch)) {
                continue;
            }
            switch (launch.exitValue()) {
                case GONE ->
                        throw ProviderCode.NOT_FOUND.problem(
                                "machine %s is gone".formatted(machine.machine()), null);
                case OFF ->
                        throw ProviderCode.CONFLICT.problem(
                                "machine %s is switched off".formatted(machine.machine()),
                                "switch it on");
                case KILLED, TERMINATED -> launch = start(machine); // the machine reboots just now
                case 0 -> {
                    // Another `launch` was first; its agent may be gone again, or not be one yet.
                    withoutReason++;
                    if (withoutReason > MOST_LAUNCHES_WITHOUT_REASON) {
                        throw notStarted(machine, 0);
                    }
                    launch = start(machine);
                }
                default -> {
                    if (find(machine).isEmpty()) {
                        throw notStarted(machine, launch.exitValue());
                    }
                }
            }
        }
    }

    private static ProblemException notStarted(MachineDirectory machine, int exit) {
        return ProblemException.of(
                "local.agent-not-started",
                "the agent of machine %s ended at once, with exit code %d"
                        .formatted(machine.machine(), exit),
                "see " + machine.agentLog());
    }

    private Process start(MachineDirectory machine) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("setsid", "/bin/sh", machine.bin("launch").toString());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", path);
        environment.put("FORMWORK_MACHINE_POWER", machine.machine().value());
        environment.put("FORMWORK_AGENT_DIR", machine.agent().toString());
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(machine.agentLog().toFile()));
        return builder.start();
    }

    private static boolean endsSoon(Process process) {
        try {
            return process.waitFor(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            Progress.unlessInterrupted("wait for the agent to start");
            return false;
        }
    }
}
